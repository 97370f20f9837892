using Appliance.Hosting.Identity;
using Appliance.Logger.Fanout;
using Appliance.Logger.Tests.Alerts;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Logger.Tests.Fanout;

[Trait("Category", "Slow")]
public sealed class EmbeddedBrokerTests : BrokerConformance
{
    private const string Alerts = "appliance/home/alerts/#";

    private protected override BrokerUnderTest NewBroker(params (string Key, string? Value)[] settings) => new EmbeddedUnderTest(settings);

    [Fact]
    public async Task An_empty_client_id_of_3_1_1_is_refused_with_the_reason()
    {
        await using var broker = NewBroker();
        await broker.StartAsync();
        var alice = broker.Client(PeerKind.Subscriber, "alice") with { ClientId = "", Version = "mqttv311" };

        await using var tool = ToolProcess.Start("mosquitto_sub", [.. alice.Arguments, "-t", Alerts, "-W", "4"]);

        var (code, output) = await tool.EndAsync();
        Assert.NotEqual(0, code);
        Assert.Contains("identifier rejected", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_client_id_of_5_is_given_one()
    {
        await using var broker = NewBroker();
        await broker.StartAsync();
        await using var subscriber = await Subscriber.TryStartAsync(broker.Client(PeerKind.Subscriber, "alice") with { ClientId = "" }, Alerts);

        broker.Logger.Store.Store([Samples.Alert(1)], 1);

        Assert.Equal(Samples.Id(1), (await subscriber.NextAsync()).Id);
    }

    [Theory]
    [InlineData(PeerKind.Reader)]
    [InlineData(PeerKind.Operator)]
    [InlineData(PeerKind.Admin)]
    public async Task Another_kind_of_certificate_is_refused_by_name(PeerKind kind)
    {
        await using var broker = NewBroker();
        await broker.StartAsync();

        await using var tool = ToolProcess.Start("mosquitto_sub", [.. broker.Client(kind, "rita").Arguments, "-t", Alerts, "-W", "4"]);

        Assert.Contains("Not authorized", (await tool.EndAsync()).Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_node_is_not_a_subscriber()
    {
        await using var broker = NewBroker();
        await broker.StartAsync();
        var node = MqttPeer.Of(
            broker.Site.Authority, broker.Folder, broker.Port, PeerIdentity.OfNode("home", "node1", Appliance.Hosting.Role.Router), TimeSpan.FromDays(1));

        await using var tool = ToolProcess.Start("mosquitto_sub", [.. node.Arguments, "-t", Alerts, "-W", "4"]);

        Assert.Contains("Not authorized", (await tool.EndAsync()).Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_denied_publish_says_so_to_a_client_of_5()
    {
        await using var broker = NewBroker();
        await broker.StartAsync();

        await using var tool = ToolProcess.Start(
            "mosquitto_pub", [.. broker.Client(PeerKind.Subscriber, "alice").Arguments, "-q", "1", "-t", "appliance/home/summary", "-m", "x"]);

        Assert.Contains("Not authorized", (await tool.EndAsync()).Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_client_id_in_use_is_not_given_to_another_subscriber()
    {
        await using var broker = NewBroker();
        await broker.StartAsync();
        await using var alice = await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice") with { ClientId = "panel" }, Alerts);
        var mallory = broker.Client(PeerKind.Subscriber, "mallory") with { ClientId = "panel" };

        await using var tool = ToolProcess.Start("mosquitto_sub", [.. mallory.Arguments, "-t", Alerts, "-W", "4"]);
        await tool.EndAsync();
        broker.Logger.Store.Store([Samples.Alert(1)], 1);

        Assert.Equal(Samples.Id(1), (await alice.NextAsync()).Id);
    }

    [Fact]
    public async Task Subscribers_above_the_limit_are_refused_and_those_within_stay()
    {
        await using var broker = NewBroker(("Logger:Mqtt:MaxSubscribers", "1"));
        await broker.StartAsync();
        var alice = broker.Client(PeerKind.Subscriber, "alice");
        await using var first = await Subscriber.StartAsync(alice with { ClientId = "first" }, Alerts);

        await using var second = ToolProcess.Start("mosquitto_sub", [.. (alice with { ClientId = "second" }).Arguments, "-t", Alerts, "-W", "4"]);

        Assert.Contains("Quota exceeded", (await second.EndAsync()).Output, StringComparison.OrdinalIgnoreCase);
        broker.Logger.Store.Store([Samples.Alert(1)], 1);
        Assert.Equal(Samples.Id(1), (await first.NextAsync()).Id);
    }

    [Fact]
    public async Task What_a_kept_session_cannot_hold_is_dropped_and_counted()
    {
        await using var broker = NewBroker(("Logger:Mqtt:MaxQueuedPerSubscriber", "16"), ("Logger:Mqtt:ReplayDelay", "00:00:00"));
        await broker.StartAsync();
        var alice = broker.Client(PeerKind.Subscriber, "alice") with { Version = "mqttv311" };
        await using (await Subscriber.StartAsync(alice, Alerts, "-c"))
        {
        }

        var outbox = broker.Logger.Services.GetRequiredService<AlertOutbox>();
        using var drops = new CounterReading(broker.Logger.Services.GetRequiredService<FanoutMeter>().Dropped);
        var changes = broker.Logger.Store.WatchAsync(CancellationToken.None);

        broker.Logger.Store.Store(Samples.Alerts(50), 50);

        await changes.FirstAsync(_ => outbox.Pending == 0, CancellationToken.None);
        Assert.Equal(50 - 16, drops.Sum);
        await using var back = await Subscriber.TryStartAsync(alice, Alerts, "-c");
        var kept = await back.UntilAsync(all => all.Count == 16);
        Assert.Equal(Samples.Alerts(16).Select(alert => alert.Id), kept.Select(message => message.Id));
    }

    [Fact]
    public async Task A_subscriber_that_acknowledges_nothing_is_cut_off_and_the_others_go_on()
    {
        await using var broker = NewBroker(("Logger:Mqtt:MaxQueuedPerSubscriber", "16"));
        await broker.StartAsync();
        await using var silent = await SilentReader.StartAsync(broker.Client(PeerKind.Subscriber, "mallory"), Alerts);
        await using var reader = await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice"), Alerts);

        broker.Logger.Store.Store(Samples.Alerts(100), 100);

        await silent.CutOff;
        var messages = await reader.UntilAsync(all => all.DistinctBy(message => message.Id).Count() == 100);
        Assert.Equal(Samples.Alerts(100).Select(alert => alert.Id), messages.Select(message => message.Id).Distinct().Order());
    }

    [Fact]
    public async Task Alerts_raised_while_the_Logger_was_away_reach_a_subscriber_that_waits_for_it()
    {
        await using var broker = NewBroker(("Logger:Mqtt:ReplayDelay", "00:00:03"));
        var detector = new RaisedAlerts();
        await detector.StartAsync(broker.Site);
        await broker.StartAsync();
        await using var subscriber = await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice"), Alerts);

        await broker.Logger.StopAsync();
        detector.Raise(Samples.Alerts(1000));
        await broker.Logger.StartAsync();

        var messages = await subscriber.UntilAsync(all => all.DistinctBy(message => message.Id).Count() == 1000);
        Assert.Equal(Samples.Alerts(1000).Select(alert => alert.Id), messages.Select(message => message.Id).Distinct().Order());
    }

    [Fact]
    public async Task Home_Assistant_discovery_is_off_by_default_and_goes_when_it_is_switched_off()
    {
        await using var broker = NewBroker(("Logger:Mqtt:HomeAssistant", "true"));
        await broker.StartAsync();
        await using (var subscriber = await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice"), "homeassistant/#"))
        {
            Assert.Equal("homeassistant/device/appliance-home/config", (await subscriber.NextAsync()).Topic);
        }

        await broker.Logger.StopAsync();
        await using var off = new LoggerHost(broker.Site, ("Logger:Mqtt:Port", $"{broker.Port}"), ("Logger:Mqtt:ListenAddress", "127.0.0.1"));
        await off.StartAsync();

        await using var late = await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice"), "homeassistant/#", "-t", "appliance/home/summary");
        var messages = await late.UntilAsync(all => all.Any(message => message.Topic == "appliance/home/summary"));
        Assert.Single(messages);
    }
}
