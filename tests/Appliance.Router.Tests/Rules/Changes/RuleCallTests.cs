using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Rules.V1;
using Appliance.Tests.Shared;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using RuleAction = Appliance.Protos.Rules.V1.Rule.Types.Action;
using WirePolicy = Appliance.Protos.Rules.V1.Policy;

namespace Appliance.Router.Tests.Rules.Changes;

/// <summary>The rules of RuleService over mutual TLS, as its users call them.</summary>
public sealed class RuleCallTests : IAsyncDisposable
{
    private static readonly WirePolicy House = new()
    {
        Zones =
        {
            new Zone { Name = "lan", Interfaces = { "eth1" }, Management = true },
            new Zone { Name = "wan", Interfaces = { "eth0" }, Outside = true },
        },
    };

    private readonly TestSite _site = new();

    [Fact]
    public async Task A_rule_is_made_read_changed_field_by_field_and_deleted()
    {
        var rules = await StartAsync();
        var asked = Ask("web");
        asked.Match.DestinationPorts.Add(new PortRange { First = 80, Last = 90 });

        var made = (await rules.CreateRuleAsync(new CreateRuleRequest { Rule = asked })).Rule;
        var read = (await rules.GetRuleAsync(new GetRuleRequest { RuleId = made.Id })).Rule;
        var changed = (await rules.UpdateRuleAsync(new UpdateRuleRequest
        {
            Rule = new Rule { Id = made.Id, Etag = made.Etag, Name = "ignored", Order = 7, Match = new Match { Protocols = { 6 } } },
            UpdateMask = new FieldMask { Paths = { "order", "match.protocols" } },
        })).Rule;
        await rules.DeleteRuleAsync(new DeleteRuleRequest { RuleId = made.Id, Etag = changed.Etag });
        var gone = await Assert.ThrowsAsync<RpcException>(() => rules.GetRuleAsync(new GetRuleRequest { RuleId = made.Id }).ResponseAsync);

        Assert.Equal(made, read);
        Assert.Contains("80-90", made.Text);
        Assert.Equal(("web", 7, 6u, 80u), (changed.Name, changed.Order, changed.Match.Protocols.Single(), changed.Match.DestinationPorts.Single().First));
        Assert.NotEqual(made.Etag, changed.Etag);
        Assert.Equal(StatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Written_rules_are_listed_behind_the_built_in_ones_page_by_page()
    {
        var rules = await StartAsync();
        foreach (var (name, order) in new[] { ("third", 300), ("first", 0), ("second", 20) })
        {
            await rules.CreateRuleAsync(new CreateRuleRequest { Rule = Ask(name, order) });
        }

        var listed = new List<Rule>();
        var token = "";
        do
        {
            var page = await rules.ListRulesAsync(new ListRulesRequest { PageSize = 4, PageToken = token });
            listed.AddRange(page.Rules);
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        Assert.Equal(["first", "second", "third"], listed.SkipWhile(rule => rule.BuiltIn).Select(rule => rule.Name));
        Assert.Equal(listed.Select(rule => rule.Order), listed.Select(rule => rule.Order).Order());
    }

    [Fact]
    public async Task Every_wrong_field_is_named_in_one_answer()
    {
        var rules = await StartAsync();
        var wrong = Ask("bad\nname");
        wrong.Match.SourceNetworks.AddRange(["10.0.0.0/40", "02:00:5e:00:53:01", "10.0.0.0/8"]);
        wrong.Match.SourceDeviceIds.Add("ff:ff:ff:ff:ff:ff");
        wrong.Match.DestinationPorts.AddRange([new PortRange(), new PortRange { First = 9, Last = 8 }, new PortRange { First = 70_000 }]);
        wrong.Match.Times.AddRange([new TimeRange { Start = "8:00", End = "25:00" }, new TimeRange { Start = "08:00", End = "09:00", Weekdays = { 8 } }]);
        wrong.Match.Protocols.Add(256);
        wrong.Match.ConnectionStates.Add(Match.Types.ConnectionState.Unspecified);
        (wrong.Action, wrong.ForwardTo, wrong.TranslateTo) = ((RuleAction)99, "example.org:80", "2001:db8::1");

        var error = await Assert.ThrowsAsync<RpcException>(() => rules.CreateRuleAsync(new CreateRuleRequest { Rule = wrong }).ResponseAsync);

        var fields = error.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations.Select(violation => violation.Field).ToList();
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal(
            [
                "rule.match.source_networks[0]", "rule.match.source_networks[1]", "rule.match.source_device_ids[0]", "rule.match.protocols[0]",
                "rule.match.destination_ports[0]", "rule.match.destination_ports[1]", "rule.match.destination_ports[2]",
                "rule.match.connection_states[0]", "rule.match.times[0]", "rule.match.times[1]", "rule.action", "rule.forward_to", "rule.translate_to",
            ],
            fields);
    }

    [Fact]
    public async Task Stale_etags_abort_built_in_rules_stay_and_unknown_masks_are_refused()
    {
        var rules = await StartAsync();
        var made = (await rules.CreateRuleAsync(new CreateRuleRequest { Rule = Ask("a") })).Rule;

        var stale = await Assert.ThrowsAsync<RpcException>(() => rules.DeleteRuleAsync(new DeleteRuleRequest { RuleId = made.Id, Etag = "0" }).ResponseAsync);
        var builtIn = await Assert.ThrowsAsync<RpcException>(() => rules.DeleteRuleAsync(new DeleteRuleRequest { RuleId = "input-blocked4" }).ResponseAsync);
        var mask = await Assert.ThrowsAsync<RpcException>(() => rules.UpdateRuleAsync(new UpdateRuleRequest { Rule = made, UpdateMask = new FieldMask { Paths = { "etag" } } }).ResponseAsync);

        Assert.Equal((StatusCode.Aborted, StatusCode.FailedPrecondition, StatusCode.InvalidArgument), (stale.StatusCode, builtIn.StatusCode, mask.StatusCode));
        Assert.True((await rules.GetRuleAsync(new GetRuleRequest { RuleId = "input-blocked4" })).Rule.BuiltIn);
    }

    [Fact]
    public async Task A_policy_comes_back_from_import_and_export_as_it_was()
    {
        var rules = await StartAsync();
        var policy = House.Clone();
        policy.ZoneDefaults.Add(new ZoneDefault { SourceZone = "lan", DestinationZone = "wan", Action = RuleAction.Accept });
        policy.Protections = new Protections { AntiSpoofing = true, NewTcpPerSecond = 50 };
        var rule = Ask("all of it");
        (rule.Id, rule.Log, rule.Disabled) = ("everything", true, true);
        rule.Match = new Match
        {
            SourceZones = { "lan" }, DestinationZones = { "wan" }, SourceNetworks = { "10.0.0.0/8", "10.1.2.3" }, DestinationNetworks = { "2001:db8::/32", "192.0.2.1" },
            SourceDeviceIds = { "02:00:5e:00:53:01" }, Protocols = { 6, 17 }, DestinationPorts = { new PortRange { First = 80 }, new PortRange { First = 100, Last = 200 } },
            SourcePorts = { new PortRange { First = 1, Last = 1023 } }, ConnectionStates = { Match.Types.ConnectionState.New },
            Times = { new TimeRange { Weekdays = { 1, 7 }, Start = "22:00", End = "06:30" } }, OverPacketsPerSecond = 5,
        };
        policy.Rules.Add(rule);
        policy.Rules.Add(new Rule { Id = "web", Action = RuleAction.Forward, ForwardTo = "192.168.1.10:8080", Match = new Match { SourceZones = { "wan" }, DestinationPorts = { new PortRange { First = 80 } } } });

        var etag = (await rules.ImportRulesetAsync(new ImportRulesetRequest { Policy = policy })).Etag;
        var exported = await rules.ExportRulesetAsync(new ExportRulesetRequest());

        Assert.Equal(policy, exported.Policy);
        Assert.Equal(etag, exported.Etag);
    }

    [Fact]
    public async Task Watching_tells_rules_of_the_candidate_and_what_becomes_of_them()
    {
        var rules = await StartAsync();
        var first = (await rules.CreateRuleAsync(new CreateRuleRequest { Rule = Ask("first") })).Rule;
        using var call = rules.WatchRules(new WatchRulesRequest(), cancellationToken: TestContext.Current.CancellationToken);
        var snapshot = new List<WatchRulesResponse>();
        do
        {
            snapshot.Add(await NextAsync(call));
        }
        while (snapshot[^1].SnapshotEnd is null);

        var second = (await rules.CreateRuleAsync(new CreateRuleRequest { Rule = Ask("second") })).Rule;
        await rules.DeleteRuleAsync(new DeleteRuleRequest { RuleId = first.Id });

        Assert.Equal([first], snapshot.Where(change => change.Rule is { BuiltIn: false }).Select(change => change.Rule));
        Assert.Equal(second, (await NextAsync(call)).Rule);
        Assert.Equal(first.Id, (await NextAsync(call)).DeletedRuleId);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private static Rule Ask(string name, int order = 10) => new() { Name = name, Order = order, Action = RuleAction.Drop, Match = new Match { SourceZones = { "lan" } } };

    private static async Task<WatchRulesResponse> NextAsync(AsyncServerStreamingCall<WatchRulesResponse> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        return call.ResponseStream.Current;
    }

    private async Task<RuleService.RuleServiceClient> StartAsync()
    {
        await _site.StartAsync(Role.Router, builder => builder.AddRouter(), app => app.MapRouter(), ("Router:Firewall:Enforce", "rendered"));
        var rules = new RuleService.RuleServiceClient(_site.Channel(Role.Router, _site.Person(PeerKind.Operator)));
        await rules.ImportRulesetAsync(new ImportRulesetRequest { Policy = House });
        return rules;
    }
}
