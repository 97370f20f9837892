using Appliance.Hosting.Identity;
using Appliance.Logger.Fanout;
using Appliance.Logger.Tests.Alerts;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Logger.Tests.Fanout;

[Trait("Category", "Slow")]
public sealed class MosquittoBrokerTests : BrokerConformance
{
    private const string Alerts = "appliance/home/alerts/#";
    private const string Summary = "appliance/home/summary";

    private protected override BrokerUnderTest NewBroker(params (string Key, string? Value)[] settings) => new MosquittoUnderTest(settings);

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task A_broker_that_was_away_gets_every_alert_when_it_is_back(string version311)
    {
        await using var broker = new MosquittoUnderTest(("Logger:Mqtt:UseVersion311", version311));
        await broker.StartAsync();
        await using (await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice"), Alerts))
        {
        }

        await broker.KillBrokerAsync();
        broker.Logger.Store.Store(Samples.Alerts(1000), 1000);
        Assert.Equal(1000, broker.Logger.Services.GetRequiredService<AlertOutbox>().Pending);
        await broker.StartBrokerAsync();

        await using var subscriber = await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice"), Alerts);
        var messages = await subscriber.UntilAsync(all => all.DistinctBy(message => message.Id).Count() == 1000);
        Assert.Equal(Samples.Alerts(1000).Select(alert => alert.Id), messages.Select(message => message.Id).Distinct().Order());
    }

    [Fact]
    public async Task A_broker_killed_in_mid_stream_loses_no_alert()
    {
        await using var broker = new MosquittoUnderTest();
        await broker.StartAsync();
        await using var first = await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice"), Alerts);

        broker.Logger.Store.Store(Samples.Alerts(1000), 1000);
        var before = await first.UntilAsync(all => all.Count == 50);
        await broker.RestartAsync();

        await using var second = await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice") with { ClientId = "second" }, Alerts);
        var after = await second.UntilAsync(all => before.Concat(all).DistinctBy(message => message.Id).Count() == 1000);
        Assert.All(before.Concat(after).GroupBy(message => message.Id), same => Assert.Single(same.DistinctBy(message => message.Payload)));
    }

    [Fact]
    public async Task The_last_will_says_offline_when_the_Logger_is_lost()
    {
        await using var broker = new MosquittoUnderTest();
        await broker.StartBrokerAsync();
        await using var subscriber = await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice"), Summary);
        await using var loss = new CutOffProxy(broker.Port);
        await using var logger = new LoggerHost(
            broker.Site, ("Logger:Mqtt:Mode", "External"), ("Logger:Mqtt:Host", "localhost"), ("Logger:Mqtt:Port", $"{loss.Port}"));
        await logger.StartAsync();
        await subscriber.UntilAsync(all => all.Any(message => State(message) == "online"));

        loss.Cut();

        var messages = await subscriber.UntilAsync(all => all.Any(message => State(message) == "offline"));
        Assert.Equal("""{"schema":1,"state":"offline","site":"home"}""", messages[^1].Payload);
    }

    [Fact]
    public async Task A_stop_in_good_order_says_offline()
    {
        await using var broker = new MosquittoUnderTest();
        await broker.StartAsync();
        await using var subscriber = await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice"), Summary);
        await subscriber.UntilAsync(all => all.Any(message => State(message) == "online"));

        await broker.Logger.StopAsync();

        await subscriber.UntilAsync(all => all.Any(message => State(message) == "offline"));
    }

    [Fact]
    public async Task Discovery_is_told_again_when_Home_Assistant_says_that_it_started()
    {
        await using var broker = new MosquittoUnderTest(("Logger:Mqtt:HomeAssistant", "true"));
        await broker.StartAsync();
        await using var subscriber = await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice"), "homeassistant/device/#");
        var first = await subscriber.NextAsync();

        var hass = broker.Client(PeerKind.Subscriber, "hass");
        await using var birth = ToolProcess.Start("mosquitto_pub", [.. hass.Arguments, "-q", "1", "-t", "homeassistant/status", "-m", "online"]);

        var again = await subscriber.NextAsync();
        Assert.Equal((first.Topic, first.Payload), (again.Topic, again.Payload));
    }

    [Fact]
    public async Task A_refusal_of_the_broker_keeps_the_alert_and_is_shown_in_the_health()
    {
        await using var broker = new MosquittoUnderTest();
        await File.WriteAllTextAsync(broker.Folder.File("acl"), "user node1\ntopic write appliance/home/summary\n", CancellationToken.None);
        await broker.StartAsync();
        var health = broker.Logger.Services.GetRequiredService<Appliance.Hosting.Health.HealthBoard>();

        broker.Logger.Store.Store([Samples.Alert(1)], 1);

        var part = await health.WatchAsync(CancellationToken.None).FirstAsync(one => one.Part == "mqtt broker" && one.Text.Contains("refused", StringComparison.Ordinal));
        Assert.Contains("appliance/home/alerts/medium/scan: NotAuthorized", part.Text, StringComparison.Ordinal);
        Assert.Equal(1, broker.Logger.Services.GetRequiredService<AlertOutbox>().Pending);
    }

    private static string? State(MqttMessage summary) => summary.Json().GetProperty("state").GetString();
}
