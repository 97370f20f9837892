using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Node.V1;
using Appliance.Protos.Rules.V1;
using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using Appliance.Tests.Shared;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using static Appliance.Router.Tests.Rules.Samples;
using WireBlock = Appliance.Protos.Rules.V1.Block;

namespace Appliance.Router.Tests.Nftables;

/// <summary>The role's rules with the real kernel, over restarts and foreign hands.</summary>
[Trait("Category", "Slow")]
public sealed class EnforcementTests : IAsyncDisposable
{
    private readonly TestSite _site = new();
    private readonly string _namespace = NamespaceName.New();

    [Fact]
    public async Task Blocks_come_back_after_a_restart_and_the_namespace_goes_with_the_process()
    {
        TestNamespace.SkipUnlessPossible();
        var first = await StartAsync();
        var made = await BlockAsync("203.0.113.7");
        await first.StopAsync(CancellationToken.None);
        await first.DisposeAsync();
        var isLeft = File.Exists($"{NetworkNamespace.NamesFolder}/{_namespace}");

        await StartAsync();

        Assert.False(isLeft);
        Assert.Equal(WireBlock.Types.Enforcement.Active, made.Enforcement);
        Assert.Contains("203.0.113.7 timeout 59m", Blocked4());
    }

    [Fact]
    public async Task A_flushed_kernel_is_filled_again_by_the_next_block()
    {
        TestNamespace.SkipUnlessPossible();
        await StartAsync();
        await BlockAsync("203.0.113.7");
        Command.Run("/usr/sbin/ip", "netns", "exec", _namespace, NftProgram.NftPath, "flush", "ruleset");

        await BlockAsync("203.0.113.8");

        Assert.Contains("203.0.113.7", Blocked4());
        Assert.Contains("203.0.113.8", Blocked4());
    }

    [Fact]
    public async Task A_table_that_somebody_deletes_comes_back_by_itself_and_the_Logger_hears_of_it()
    {
        TestNamespace.SkipUnlessPossible();
        await StartAsync();
        await BlockAsync("203.0.113.7");
        var node = new NodeService.NodeServiceClient(_site.Channel(Role.Router, _site.Person(PeerKind.Operator)));
        using var events = node.WatchEvents(new WatchEventsRequest(), cancellationToken: TestContext.Current.CancellationToken);

        Command.Run("/usr/sbin/ip", "netns", "exec", _namespace, NftProgram.NftPath, "delete", "table", "inet", "appliance");
        string told;
        do
        {
            Assert.True(await events.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
            told = events.ResponseStream.Current.ToString();
        }
        while (!told.Contains("was deleted by nft", StringComparison.Ordinal));

        Assert.Contains("203.0.113.7", Blocked4());
    }

    [Fact]
    public async Task A_rule_in_force_tells_what_it_has_matched_and_when_last()
    {
        TestNamespace.SkipUnlessPossible();
        await StartAsync();
        Run("/usr/sbin/ip", "link", "add", "lan", "type", "veth", "peer", "name", "far");
        Run("/usr/sbin/ip", "link", "set", "lan", "up");
        Run("/usr/sbin/ip", "address", "add", "10.77.0.1/24", "dev", "lan");
        var rules = Rules();
        await rules.ImportRulesetAsync(new ImportRulesetRequest
        {
            Policy = new Policy
            {
                Zones = { new Zone { Name = "lan", Interfaces = { "lan" }, Management = true } },
                Rules = { new Rule { Id = "own", Name = "own", Match = new Match { SourceZones = { "gateway" }, Protocols = { 17 } }, Action = Rule.Types.Action.Audit } },
            },
        });
        await rules.ApplyRulesetAsync(new ApplyRulesetRequest());
        var unhit = (await rules.GetRuleAsync(new GetRuleRequest { RuleId = "own" })).Rule;

        // A datagram of 1 byte, 29 with its headers; it passes the output hook before its receiver is looked for.
        Run("/bin/bash", "-c", "echo -n x > /dev/udp/10.77.0.2/9");
        Rule hit;
        do
        {
            hit = (await rules.GetRuleAsync(new GetRuleRequest { RuleId = "own" }, cancellationToken: TestContext.Current.CancellationToken)).Rule;
        }
        while (hit.PacketsCount == 0);

        Assert.Equal((0ul, null), (unhit.PacketsCount, unhit.LastHitTime));
        Assert.Equal((1ul, 29ul), (hit.PacketsCount, hit.HitBytes));
        Assert.NotNull(hit.LastHitTime);
    }

    [Fact]
    public async Task An_expired_block_is_gone_from_kernel_and_list()
    {
        TestNamespace.SkipUnlessPossible();
        await StartAsync();
        var rules = Rules();
        using var watch = rules.WatchRules(new WatchRulesRequest(), cancellationToken: TestContext.Current.CancellationToken);

        var made = await BlockAsync("203.0.113.7", TimeSpan.FromSeconds(1));
        string deleted;
        do
        {
            Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
            deleted = watch.ResponseStream.Current.DeletedBlockId;
        }
        while (deleted.Length == 0);

        Assert.Equal(made.Id, deleted);
        Assert.DoesNotContain("203.0.113.7", Blocked4());
        Assert.Empty((await rules.ListBlocksAsync(new ListBlocksRequest())).Blocks);
    }

    [Fact]
    public async Task Elements_that_an_earlier_life_left_in_the_kernel_are_replaced_by_what_is_on_disk()
    {
        TestNamespace.SkipUnlessPossible();
        Command.Run("/usr/sbin/ip", "netns", "add", _namespace);
        Directory.CreateDirectory(NetworkNamespace.LocksFolder);
        await File.WriteAllTextAsync($"{NetworkNamespace.LocksFolder}/netns-{_namespace}.lock", "");
        Command.RunWith(
            "table inet appliance { set blocked4 { type ipv4_addr; elements = { 203.0.113.99 }\n }\n }\n",
            "/usr/sbin/ip", "netns", "exec", _namespace, NftProgram.NftPath, "-f", "-");

        await StartAsync();
        await BlockAsync("203.0.113.7");

        Assert.DoesNotContain("203.0.113.99", Blocked4());
        Assert.Contains("203.0.113.7", Blocked4());
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private Task<WebApplication> StartAsync() => _site.StartAsync(
        Role.Router,
        builder => builder.Services.AddRules().AddNftables(),
        app => app.MapRoleService<RuleGrpcService>(),
        ("Router:Firewall:Enforce", "kernel"),
        ("Router:Firewall:Namespace", _namespace),
        ("Router:Keeping:HitInterval", "00:00:01"));

    private void Run(params string[] command) => Command.Run("/usr/sbin/ip", ["netns", "exec", _namespace, .. command]);

    private RuleService.RuleServiceClient Rules() => new(_site.Channel(Role.Router, _site.Person(PeerKind.Operator)));

    private async Task<WireBlock> BlockAsync(string address, TimeSpan? duration = null)
    {
        var request = new CreateBlockRequest { Address = ByteString.CopyFrom(Target(address).ToBytes()), Action = WireBlock.Types.Action.Drop };
        request.Duration = duration is { } length ? Duration.FromTimeSpan(length) : null;
        return (await Rules().CreateBlockAsync(request)).Block;
    }

    private string Blocked4() => Command.Run("/usr/sbin/ip", "netns", "exec", _namespace, NftProgram.NftPath, "list", "set", "inet", "appliance", "blocked4");
}
