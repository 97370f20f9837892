using Appliance.Hosting.Identity;
using Appliance.Logger.Alerts;
using Appliance.Logger.Export;
using Appliance.Logger.Tests.Alerts;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Logger.Tests.Fanout;

/// <summary>What every broker that carries alerts must do, checked with mosquitto's own clients.</summary>
public abstract class BrokerConformance
{
    private const string Everything = "appliance/home/#";
    private const string Alerts = "appliance/home/alerts/#";

    private protected abstract BrokerUnderTest NewBroker(params (string Key, string? Value)[] settings);

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task An_alert_arrives_as_the_contracts_line_on_its_topic(string version)
    {
        await using var broker = NewBroker();
        await broker.StartAsync();
        await using var subscriber = await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice") with { Version = version }, Alerts);
        var alert = Samples.Alert(1) with { Category = "brute-force", Severity = "high" };

        broker.Logger.Store.Store([alert], 1);

        var message = await subscriber.NextAsync();
        Assert.Equal(("appliance/home/alerts/high/brute-force", false), (message.Topic, message.Retained));
        Assert.Equal(AlertLine.From(alert).ToJson(), message.Payload);
    }

    [Fact]
    public async Task What_the_Router_did_is_told_with_the_same_id()
    {
        await using var broker = NewBroker();
        await broker.StartAsync();
        await using var subscriber = await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice"), Alerts);

        broker.Logger.Store.Store([Samples.Alert(1)], 1);
        var first = await subscriber.NextAsync();
        broker.Logger.Store.SetActions([new AlertResponse(Samples.Id(1), AlertAction.Blocked)]);
        var second = await subscriber.NextAsync();

        Assert.Equal((Samples.Id(1), "none"), (first.Id, first.Json().GetProperty("action").GetString()));
        Assert.Equal((Samples.Id(1), "blocked"), (second.Id, second.Json().GetProperty("action").GetString()));
    }

    [Fact]
    public async Task Hostile_text_does_not_break_the_line_that_a_subscriber_reads()
    {
        await using var broker = NewBroker();
        await broker.StartAsync();
        await using var subscriber = await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice"), Alerts);
        string text = "\"}\r\nMESSAGE\t0\tforged\t{}\u001b[2J\u2028" + new string('x', 65536);

        broker.Logger.Store.Store([Samples.Alert(1) with { Explanations = [new AlertExplanation(text, 1, 0, text)] }], 1);
        broker.Logger.Store.Store([Samples.Alert(2)], 2);

        var messages = await subscriber.UntilAsync(all => all.Count == 2);
        Assert.Equal([Samples.Id(1), Samples.Id(2)], messages.Select(message => message.Id));
    }

    [Fact]
    public async Task The_summary_is_retained_and_counts_open_alerts_and_names_every_role()
    {
        await using var broker = NewBroker();
        await broker.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        broker.Logger.Store.Store([Samples.Alert(1) with { Severity = "critical", Evidence = new AlertEvidence(1, now, now) }], 1);
        await using (var live = await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice"), "appliance/home/summary"))
        {
            await live.UntilAsync(all => all.Any(message => Critical(message) == 1));
        }

        await using var late = await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice"), Everything);

        var summary = (await late.UntilAsync(all => all.Any(message => message.Topic == "appliance/home/summary")))[^1];
        Assert.True(summary.Retained);
        Assert.Equal("online", summary.Json().GetProperty("state").GetString());
        Assert.Equal(1, Critical(summary));
        Assert.Equal(["router", "logger", "detector", "bmc"], summary.Json().GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("role").GetString()));
    }

    [Fact]
    public async Task Alerts_are_not_retained()
    {
        await using var broker = NewBroker();
        await broker.StartAsync();
        await using (var live = await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice"), Alerts))
        {
            broker.Logger.Store.Store([Samples.Alert(1)], 1);
            await live.NextAsync();
        }

        await using var late = await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice"), Everything);
        broker.Logger.Store.Store([Samples.Alert(2)], 2);

        var messages = await late.UntilAsync(all => all.Any(message => message.Topic != "appliance/home/summary"));
        Assert.Equal(Samples.Id(2), messages[^1].Id);
    }

    [Fact]
    public async Task The_summary_is_there_after_a_restart_of_the_broker()
    {
        await using var broker = NewBroker();
        await broker.StartAsync();
        await using (var live = await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice"), "appliance/home/summary"))
        {
            await live.NextAsync();
        }

        await broker.RestartAsync();

        await using var late = await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice"), "appliance/home/summary");
        var summary = await late.NextAsync();
        Assert.Contains("\"nodes\":", summary.Payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_restart_of_the_broker_recent_alerts_come_again_with_the_same_id()
    {
        await using var broker = NewBroker(("Logger:Mqtt:ReplayDelay", "00:00:02"));
        await broker.StartAsync();
        await using (var live = await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice"), Alerts))
        {
            broker.Logger.Store.Store(Samples.Alerts(10), 10);
            await live.UntilAsync(all => all.Count == 10);
        }

        await broker.RestartAsync();

        await using var late = await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice"), Alerts);
        var again = await late.UntilAsync(all => all.DistinctBy(message => message.Id).Count() == 10);
        Assert.Equal(Samples.Alerts(10).Select(alert => alert.Id), again.Select(message => message.Id).Distinct().Order());
    }

    [Fact]
    public async Task A_subscription_reads_what_its_owner_may_read()
    {
        (PeerKind Kind, string Name, string Filter, bool Reads)[] matrix =
        [
            (PeerKind.Subscriber, "alice", "appliance/home/#", true),
            (PeerKind.Subscriber, "alice", "appliance/home/alerts/+/scan", true),
            (PeerKind.Subscriber, "alice", "homeassistant/#", true),
            (PeerKind.Subscriber, "alice", "appliance/other/#", false),
            (PeerKind.Subscriber, "alice", "elsewhere/#", false),
            (PeerKind.Reader, "rita", "appliance/home/#", false),
            (PeerKind.Operator, "oscar", "appliance/home/#", false),
            (PeerKind.Admin, "ada", "appliance/home/#", false),
        ];
        await using var broker = NewBroker(("Logger:Mqtt:HomeAssistant", "true"));
        await broker.StartAsync();
        await using var witness = await Subscriber.StartAsync(broker.Client(PeerKind.Subscriber, "alice") with { ClientId = "witness" }, Alerts);
        var subscribers = await Task.WhenAll(matrix.Select((row, index) =>
            Subscriber.TryStartAsync(broker.Client(row.Kind, row.Name) with { ClientId = $"client{index}" }, row.Filter)));

        broker.Logger.Store.Store([Samples.Alert(1)], 1);

        await witness.NextAsync();
        var reads = subscribers.Select(subscriber => subscriber.TryNextAsync()).ToArray();
        await Task.WhenAll(reads.Where((_, index) => matrix[index].Reads));
        await Task.WhenAll(subscribers.Select(subscriber => subscriber.KillAsync()));
        Assert.Equal(matrix, matrix.Zip(await Task.WhenAll(reads), (row, message) => row with { Reads = message is not null }));
    }

    [Fact]
    public async Task Nobody_but_the_Logger_publishes()
    {
        (PeerKind Kind, string Name)[] people =
            [(PeerKind.Subscriber, "alice"), (PeerKind.Reader, "rita"), (PeerKind.Operator, "oscar"), (PeerKind.Admin, "ada")];
        string[] topics =
        [
            "appliance/home/alerts/high/scan", "appliance/home/summary", "appliance/home/anything",
            "homeassistant/device/appliance-home/config", "homeassistant/status",
        ];
        await using var broker = NewBroker();
        await broker.StartAsync();
        await using var witness = await Subscriber.StartAsync(
            broker.Client(PeerKind.Subscriber, "alice") with { ClientId = "witness" }, Everything, "-t", "homeassistant/#");

        foreach (var (kind, name) in people)
        {
            var client = broker.Client(kind, name);
            await Task.WhenAll(topics.SelectMany(topic => new[]
            {
                PublishAsync(client with { ClientId = name + topic.Length, Version = "mqttv311" }, topic),
                PublishAsync(client with { ClientId = name + topic, Version = "mqttv5" }, topic),
                LeaveWillAsync(client with { ClientId = topic + name }, topic),
            }));
        }

        broker.Logger.Store.Store([Samples.Alert(1)], 1);
        var seen = await witness.UntilAsync(all => all.Any(message => message.Topic == "appliance/home/alerts/medium/scan"));
        Assert.DoesNotContain("forged", seen.Select(message => message.Payload));
    }

    [Fact]
    public async Task Without_a_certificate_of_the_site_nobody_gets_in()
    {
        await using var broker = NewBroker();
        await broker.StartAsync();
        using var elsewhere = new TempFolder();
        using var stranger = SiteAuthority.Create(elsewhere.File("ca"), "home", TimeProvider.System);
        var alice = broker.Client(PeerKind.Subscriber, "alice");
        var identity = PeerIdentity.OfPerson("home", PeerKind.Subscriber, "alice");
        // Issued for the one second in which the authority was made.
        var birth = new FakeTimeProvider(broker.Site.Authority.ExpireTime - SiteAuthority.DefaultAuthorityLife);
        using var past = SiteAuthority.Open(Path.Combine(Path.GetDirectoryName(broker.Site.State)!, "ca"), birth);

        Assert.Equal(0, await TryAsync(alice));
        Assert.NotEqual(0, await TryAsync(alice with { Certificate = null }));
        Assert.NotEqual(0, await TryAsync(MqttPeer.Of(stranger, elsewhere, broker.Port, identity, TimeSpan.FromDays(1)) with { Authority = alice.Authority }));
        Assert.NotEqual(0, await TryAsync(MqttPeer.Of(past, elsewhere, broker.Port, identity, TimeSpan.FromTicks(1)) with { Authority = alice.Authority }));
    }

    [Fact]
    public async Task A_subscriber_that_does_not_read_holds_up_no_other()
    {
        await using var broker = NewBroker();
        await broker.StartAsync();
        var alice = broker.Client(PeerKind.Subscriber, "alice");
        await using var stuck = await Subscriber.StartAsync(alice with { ClientId = "stuck" }, Alerts);
        await stuck.SuspendAsync();
        await using var reader = await Subscriber.StartAsync(alice with { ClientId = "reader" }, Alerts);
        string text = new('x', 1000);

        broker.Logger.Store.Store(
            [.. Samples.Alerts(3000).Select(alert => alert with { Explanations = [.. Enumerable.Repeat(new AlertExplanation(text, 1, 0, text), 4)] })], 3000);

        var messages = await reader.UntilAsync(all => all.Count == 3000);
        Assert.Equal(3000, messages.DistinctBy(message => message.Id).Count());
    }

    private static async Task PublishAsync(MqttPeer peer, string topic)
    {
        await using var tool = ToolProcess.Start("mosquitto_pub", [.. peer.Arguments, "-q", "1", "-r", "-t", topic, "-m", "forged"]);
        await tool.EndAsync();
    }

    // Killed while it is connected, so that the broker would publish its last will.
    private static async Task LeaveWillAsync(MqttPeer peer, string topic)
    {
        await using var tool = await Subscriber.TryStartAsync(
            peer, Everything, "-W", "5", "--will-topic", topic, "--will-payload", "forged", "--will-qos", "1", "--will-retain");
    }

    // Exit code of a client that waits for the retained summary: 0 when it came.
    private static async Task<int> TryAsync(MqttPeer peer)
    {
        await using var tool = ToolProcess.Start("mosquitto_sub", [.. peer.Arguments, "-q", "1", "-t", "appliance/home/summary", "-C", "1", "-W", "4"]);
        var (code, _) = await tool.EndAsync();
        return code;
    }

    private static int Critical(MqttMessage summary) =>
        summary.Json().TryGetProperty("open", out var open) ? open.GetProperty("critical").GetInt32() : 0;
}
