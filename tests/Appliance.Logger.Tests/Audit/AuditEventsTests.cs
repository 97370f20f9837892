using Appliance.Hosting;
using Appliance.Hosting.Audit;
using Appliance.Hosting.Events;
using Appliance.Hosting.Identity;
using Appliance.Logger.Alerts;
using Appliance.Logger.Tests.Alerts;
using Appliance.Logger.Tests.Fanout;
using Appliance.Logger.Tests.Site;
using Appliance.Protos.History.V1;
using Appliance.Protos.Rules.V1;
using Appliance.Tests.Shared;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Logger.Tests.Audit;

/// <summary>From a change on a role, over its event, to what the Logger answers and tells.</summary>
[Trait("Category", "Slow")]
public sealed class AuditEventsTests : IAsyncDisposable
{
    // Only a guard against a hang; a passing test never waits for it.
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    private readonly EmbeddedUnderTest _broker = new();
    private readonly RouterStandIn _router = new();

    private HistoryService.HistoryServiceClient History => new(_broker.Site.Channel(Role.Logger, _broker.Site.Person(PeerKind.Reader)));

    [Fact]
    public async Task Changes_of_the_Router_are_listed_newest_first_with_who_and_whether()
    {
        await _router.StartAsync(_broker.Site);
        await _broker.StartAsync();
        var rules = new RuleService.RuleServiceClient(_broker.Site.Channel(Role.Router, _broker.Site.Person(PeerKind.Operator)));

        // The stand-in answers UNIMPLEMENTED: let through, and then failed.
        await Assert.ThrowsAsync<RpcException>(async () => await rules.DeleteBlockAsync(new DeleteBlockRequest { BlockId = "b1" }));

        var entries = (await UntilAsync(new ListAuditEventsRequest { Role = "router" }, events => events.Count(one => one.Action == "DeleteBlock") == 2)).ToList();
        Assert.Equal(["DeleteBlock", "DeleteBlock", "StartRole"], entries.Select(one => one.Action));
        Assert.Equal(("spiffe://home/operator/alice", "block_id=b1", false), (entries[0].Actor, entries[0].Subject, entries[0].Allowed));
        Assert.Equal((true, 2UL, 32), (entries[1].Allowed, entries[1].Sequence, entries[1].Hash.Length));
    }

    [Fact]
    public async Task Change_without_the_right_to_it_is_an_alert_on_the_dashboard_and_over_MQTT()
    {
        await _router.StartAsync(_broker.Site);
        await _broker.StartAsync();
        await using var subscriber = await Subscriber.StartAsync(_broker.Client(PeerKind.Subscriber, "alice"), "appliance/home/alerts/#");
        var rules = new RuleService.RuleServiceClient(_broker.Site.Channel(Role.Router, _broker.Site.Person(PeerKind.Reader)));

        await Assert.ThrowsAsync<RpcException>(async () => await rules.DeleteBlockAsync(new DeleteBlockRequest { BlockId = "b1" }));

        var message = await subscriber.NextAsync();
        var alert = message.Json();
        Assert.Equal("appliance/home/alerts/low/system", message.Topic);
        Assert.Contains("spiffe://home/reader/alice: DeleteBlock was refused", alert.GetProperty("explanation")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.NotNull(_broker.Logger.Store.Find(alert.GetProperty("id").GetString()!));
    }

    [Fact]
    public async Task What_a_role_says_while_the_Logger_is_away_comes_once_when_it_is_back()
    {
        var router = await _router.StartAsync(_broker.Site);
        await _broker.StartAsync();
        var events = router.Services.GetRequiredService<EventLog>();
        events.Tell(EventSeverity.Error, "capture", "The interface is gone.");
        await AlertAsync(alert => alert.Service == "capture");
        await _broker.Logger.StopAsync();
        events.Tell(EventSeverity.Error, "firewall", "The kernel refused a set.");

        await _broker.Logger.StartAsync();

        await AlertAsync(alert => alert.Service == "firewall");
        Assert.Equal(1, Assert.Single(_broker.Logger.Store.List(new AlertQuery()), alert => alert.Service == "capture").Evidence.Events);
    }

    [Fact]
    public async Task Pages_filters_and_faults_are_those_of_other_lists()
    {
        await _broker.StartAsync();
        var audit = _broker.Logger.Services.GetRequiredService<AuditLog>();
        foreach (var number in Enumerable.Range(1, 5))
        {
            audit.Enter(new AuditRecord("spiffe://home/operator/bob", "Change", $"{number}", ""));
        }

        await UntilAsync(new ListAuditEventsRequest { Actor = "spiffe://home/operator/bob" }, events => events.Count == 5);
        var first = await History.ListAuditEventsAsync(new ListAuditEventsRequest { Actor = "spiffe://home/operator/bob", Role = "logger", PageSize = 3 });
        var second = await History.ListAuditEventsAsync(new ListAuditEventsRequest { Actor = "spiffe://home/operator/bob", PageSize = 3, PageToken = first.NextPageToken });
        var none = await History.ListAuditEventsAsync(new ListAuditEventsRequest { EndTime = first.Events[^1].Time, StartTime = first.Events[^1].Time });
        var error = await Assert.ThrowsAsync<RpcException>(async () => await History.ListAuditEventsAsync(
            new ListAuditEventsRequest { PageSize = -1, PageToken = "?", Role = "king", StartTime = new Timestamp { Seconds = long.MaxValue } }));

        Assert.Equal(["5", "4", "3", "2", "1"], first.Events.Concat(second.Events).Select(one => one.Subject));
        Assert.Equal("", second.NextPageToken);
        Assert.Empty(none.Events);
        Assert.All(["page_size", "page_token", "role", "start_time"], field => Assert.Contains(field, error.Status.Detail, StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    private async Task AlertAsync(Func<Appliance.Logger.Alerts.StoredAlert, bool> condition)
    {
        using var guard = new CancellationTokenSource(Guard);
        var store = _broker.Logger.Store;
        var changes = store.WatchAsync(guard.Token);
        if (!store.List(new AlertQuery()).Any(condition))
        {
            await changes.FirstAsync(condition, guard.Token);
        }
    }

    // The trail has no watch of its own; each round asks over the wire and so gives the pull its turn.
    private async Task<IReadOnlyList<AuditEvent>> UntilAsync(ListAuditEventsRequest request, Func<IReadOnlyList<AuditEvent>, bool> condition)
    {
        using var guard = new CancellationTokenSource(Guard);
        while (true)
        {
            var response = await History.ListAuditEventsAsync(request, cancellationToken: guard.Token);
            if (condition(response.Events))
            {
                return response.Events;
            }
        }
    }
}
