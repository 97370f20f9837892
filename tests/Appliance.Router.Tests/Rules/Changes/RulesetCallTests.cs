using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Node.V1;
using Appliance.Protos.Rules.V1;
using Appliance.Tests.Shared;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using static Appliance.Protos.Rules.V1.Ruleset.Types;

namespace Appliance.Router.Tests.Rules.Changes;

/// <summary>Applies and confirmations over mutual TLS, connection by connection.</summary>
public sealed class RulesetCallTests : IAsyncDisposable
{
    private readonly TestSite _site = new();
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task A_ruleset_is_confirmed_on_a_new_connection_and_on_no_other()
    {
        await StartAsync();
        var first = await OpenAsync();
        var applied = (await first.ApplyRulesetAsync(new ApplyRulesetRequest { Reason = "test" })).Ruleset;
        var shown = (await Node().GetNodeAsync(new GetNodeRequest())).Node.PendingCommit;

        var old = await Assert.ThrowsAsync<RpcException>(() => first.ConfirmRulesetAsync(new ConfirmRulesetRequest { RulesetId = applied.Id }).ResponseAsync);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var second = await OpenAsync();
        var confirmed = (await second.ConfirmRulesetAsync(new ConfirmRulesetRequest { RulesetId = applied.Id })).Ruleset;

        Assert.Equal((State.Confirming, applied.Id, applied.ConfirmDeadlineTime), (applied.State, shown.Id, shown.ConfirmDeadlineTime));
        Assert.Equal(StatusCode.FailedPrecondition, old.StatusCode);
        Assert.Contains("older than ruleset", old.Status.Detail);
        Assert.Equal(("spiffe://home/operator/alice", State.Active), (confirmed.Creator, confirmed.State));
        Assert.Null(confirmed.ConfirmDeadlineTime);
        Assert.Null((await Node().GetNodeAsync(new GetNodeRequest())).Node.PendingCommit);
    }

    [Fact]
    public async Task What_nobody_confirms_goes_back_and_is_an_event_and_an_audit_entry_of_the_Router()
    {
        await StartAsync();
        var rules = await OpenAsync();
        var applied = (await rules.ApplyRulesetAsync(new ApplyRulesetRequest { ConfirmWithin = Duration.FromTimeSpan(TimeSpan.FromSeconds(10)), Reason = "a try" })).Ruleset;
        using var events = Node(_site.Node(Role.Logger)).WatchEvents(new WatchEventsRequest(), cancellationToken: TestContext.Current.CancellationToken);

        var (entry, warning) = await AdvanceUntilAsync(events);

        Assert.Equal(("spiffe://home/node/node1/router", $"ruleset_id={applied.Id}"), (entry.Actor, entry.Subject));
        Assert.Contains(": a try", entry.Reason);
        Assert.Contains($"Ruleset {applied.Id} of spiffe://home/operator/alice was not confirmed", warning.Text);
        Assert.Equal(State.Reverted, (await rules.ListRulesetsAsync(new ListRulesetsRequest())).Rulesets[0].State);
    }

    [Fact]
    public async Task History_is_listed_page_by_page_and_each_of_it_exported()
    {
        await StartAsync();
        var rules = await OpenAsync();
        await rules.ImportRulesetAsync(new ImportRulesetRequest { Policy = new() { Zones = { new Zone { Name = "lan", Interfaces = { "eth1" }, Management = true } } } });
        var trial = await rules.ApplyRulesetAsync(new ApplyRulesetRequest { ValidateOnly = true });
        var applied = (await rules.ApplyRulesetAsync(new ApplyRulesetRequest())).Ruleset;

        var first = await rules.ListRulesetsAsync(new ListRulesetsRequest { PageSize = 1 });
        var second = await rules.ListRulesetsAsync(new ListRulesetsRequest { PageSize = 1, PageToken = first.NextPageToken });
        var exported = await rules.ExportRulesetAsync(new ExportRulesetRequest { RulesetId = second.Rulesets[0].Id });

        Assert.Equal(("", State.Unspecified), (trial.Ruleset.Id, trial.Ruleset.State));
        Assert.Contains("table inet appliance", trial.Text);
        Assert.Equal(applied.Id, first.Rulesets.Single().Id);
        Assert.Equal(("The default policy 'open'.", ""), (second.Rulesets.Single().Reason, second.NextPageToken));
        Assert.Empty(exported.Policy.Zones);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private Task<WebApplication> StartAsync() => _site.StartAsync(
        Role.Router,
        builder =>
        {
            builder.AddRouter();
            builder.Services.AddSingleton<TimeProvider>(_clock);
        },
        app => app.MapRouter(),
        ("Router:Firewall:Enforce", "rendered"));

    // A channel of its own is a connection of its own; the first call opens it.
    private async Task<RuleService.RuleServiceClient> OpenAsync()
    {
        var client = new RuleService.RuleServiceClient(_site.Channel(Role.Router, _site.Person(PeerKind.Operator)));
        await client.ListRulesetsAsync(new ListRulesetsRequest { PageSize = 1 });
        return client;
    }

    private NodeService.NodeServiceClient Node(System.Security.Cryptography.X509Certificates.X509Certificate2? certificate = null) =>
        new(_site.Channel(Role.Router, certificate ?? _site.Person(PeerKind.Reader)));

    // The clock's timer may begin after an advance, so time goes on until its work is told.
    private async Task<(Event Entry, Event Warning)> AdvanceUntilAsync(AsyncServerStreamingCall<WatchEventsResponse> events)
    {
        Event? entry = null;
        var next = events.ResponseStream.MoveNext(TestContext.Current.CancellationToken);
        while (true)
        {
            while (!next.IsCompleted)
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
            }

            Assert.True(await next);
            var told = events.ResponseStream.Current.Event;
            entry = told?.Action == "RevertRuleset" ? told : entry;
            if (entry is not null && told is { Part: "firewall", Severity: Event.Types.Severity.Warning })
            {
                return (entry, told);
            }

            next = events.ResponseStream.MoveNext(TestContext.Current.CancellationToken);
        }
    }
}
