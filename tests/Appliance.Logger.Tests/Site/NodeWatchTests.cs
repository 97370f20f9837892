using Appliance.Hosting;
using Appliance.Hosting.Health;
using Appliance.Hosting.Identity;
using Appliance.Logger.Site;
using Appliance.Logger.Tests.Alerts;
using Appliance.Logger.Tests.Fanout;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Logger.Tests.Site;

[Trait("Category", "Slow")]
public sealed class NodeWatchTests : IAsyncDisposable
{
    private readonly EmbeddedUnderTest _broker = new();

    [Fact]
    public async Task A_role_is_seen_up_then_degraded_then_down()
    {
        await _broker.StartAsync();
        await using var subscriber = await Subscriber.StartAsync(_broker.Client(PeerKind.Subscriber, "alice"), "appliance/home/summary");
        // Without a Router the Detector would be degraded from the start.
        await using var router = await _broker.Site.StartAsync(
            Role.Router, builder => builder.Services.AddSingleton<NothingRevoked>(), app => app.MapRoleService<NothingRevoked>());

        var detector = await new RaisedAlerts().StartAsync(_broker.Site);
        await UntilAsync(subscriber, Role.Detector, "up");
        detector.Services.GetRequiredService<HealthBoard>().Report("models", PartState.Degraded, "no model");
        await UntilAsync(subscriber, Role.Detector, "degraded");
        var seen = _broker.Logger.Services.GetRequiredService<NodeStates>().Snapshot[(int)Role.Detector];
        await detector.StopAsync(CancellationToken.None);
        await UntilAsync(subscriber, Role.Detector, "down");

        Assert.Contains(seen.Parts, part => part is { Name: "models", Text: "no model" });
    }

    [Fact]
    public async Task The_Logger_sees_itself()
    {
        await _broker.StartAsync();
        await using var subscriber = await Subscriber.StartAsync(_broker.Client(PeerKind.Subscriber, "alice"), "appliance/home/summary");

        // Its peers are away, which its own parts say.
        await UntilAsync(subscriber, Role.Logger, "degraded");

        var seen = _broker.Logger.Services.GetRequiredService<NodeStates>().Snapshot[(int)Role.Logger];
        Assert.Contains(seen.Parts, part => part.Name == "alert store");
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    private static async Task UntilAsync(Subscriber subscriber, Role role, string state)
    {
        while (StateOf(await subscriber.NextAsync(), role) != state)
        {
        }
    }

    private static string? StateOf(MqttMessage summary, Role role) => summary.Json().GetProperty("nodes").EnumerateArray()
        .Single(node => node.GetProperty("role").GetString() == role.Word())
        .GetProperty("state").GetString();
}
