using Appliance.Router.Nftables;
using Appliance.Router.Nftables.Rendering;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Policy;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>The text that policies become: the same for the same policy, whole in the kernel, and free of what people name things.</summary>
[Trait("Category", "Slow")]
public sealed class RenderedPolicyTests : IDisposable
{
    private const string Hostile = "\"; }\n}\nflush ruleset\n# ' $(reboot) \\ \0 {{ drop";

    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private readonly PolicyLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public void Same_policy_is_the_same_text_in_whatever_order_its_rules_were_written()
    {
        var random = new Random(20261130);
        var states = new RandomPolicies(random, Now);

        for (var index = 0; index < 200; index++)
        {
            var state = states.Next();
            var rules = state.Policy.Rules.ToArray();
            random.Shuffle(rules);

            Assert.Equal(RulesetText.Render(state, Now), RulesetText.Render(state with { Policy = state.Policy with { Rules = rules } }, Now));
        }
    }

    [Fact]
    public async Task Policy_applied_twice_leaves_what_one_apply_left()
    {
        var states = new RandomPolicies(new Random(7), TimeProvider.System.GetUtcNow());

        for (var index = 0; index < 8; index++)
        {
            var state = states.Next() with { Blocks = [] };
            await _lab.ApplyAsync(state);
            var once = List();

            await _lab.ApplyAsync(state);

            Assert.Equal(once, List());
        }
    }

    [Fact]
    public async Task Name_of_a_rule_does_nothing_and_is_nowhere()
    {
        var named = new PolicyRule("a", Hostile, 1, RuleMatch.Everything, RuleAction.Accept) { IsLogged = true };
        await _lab.ApplyAsync(PolicyLab.Policy(named, PolicyLab.Rule("b", RuleAction.Drop)));

        var outcome = _lab.Send(_lab.Lan, Packet.Udp(_lab.Lan.Silent4, _lab.Wan.Silent4, 80));
        await _lab.ApplyAsync(PolicyLab.Policy(named));
        var alone = _lab.Send(_lab.Lan, Packet.Udp(_lab.Lan.Silent4, _lab.Wan.Silent4, 80));

        Assert.Equal((Fate.Dropped, Fate.Passed), (outcome.Fate, alone.Fate));
        Assert.DoesNotContain("reboot", List());
    }

    [Theory]
    [InlineData("zone")]
    [InlineData("interface")]
    [InlineData("rule")]
    [InlineData("feed")]
    public async Task Name_that_would_end_a_word_of_the_ruleset_is_refused_and_the_old_rules_stay(string where)
    {
        await _lab.ApplyAsync(PolicyLab.Policy(PolicyLab.Rule("old", RuleAction.Accept)));
        var before = List();
        var good = PolicyLab.Policy(PolicyLab.Rule("new", RuleAction.Drop));
        var bad = where switch
        {
            "zone" => good with { Zones = [.. good.Zones, new Zone(Hostile, ["x"])] },
            "interface" => good with { Zones = [.. good.Zones, new Zone("x", [Hostile])] },
            "rule" => good with { Rules = [PolicyLab.Rule(Hostile, RuleAction.Drop)] },
            _ => good with { Rules = [PolicyLab.Rule("new", RuleAction.Drop, new RuleMatch { SourceFeeds = [Hostile] })] },
        };

        await Assert.ThrowsAsync<ArgumentException>(() => _lab.ApplyAsync(bad));

        Assert.Equal(before, List());
        Assert.Equal(Fate.Passed, _lab.Send(_lab.Lan, Packet.Udp(_lab.Lan.Silent4, _lab.Wan.Silent4, 80)).Fate);
    }

    [Fact]
    public async Task Interface_of_a_VLAN_is_an_interface()
    {
        // The kernel here has no VLANs, but names are all that the rules look at.
        _lab.Router.Ip("link", "set", "lan", "name", "eth0.10");
        await _lab.ApplyAsync(new FirewallPolicy(
            [new Zone("vlan", ["eth0.10"]), new Zone("other", ["eth0.1", "eth0"]), new Zone(PolicyLab.WanZone, ["wan"])],
            [new ZoneDefault("vlan", PolicyLab.WanZone, RuleAction.Accept)],
            new Protections(),
            []));

        var outcomes = _lab.Send([("lan", Packet.Udp(_lab.Lan.Silent4, _lab.Wan.Silent4, 80)), ("lan", Packet.Udp(_lab.Lan.Silent6, _lab.Wan.Silent6, 80)), ("iot", Packet.Udp(_lab.Iot.Silent4, _lab.Wan.Silent4, 80))]);

        Assert.Equal(["wan", "wan", ""], outcomes.Select(outcome => outcome.Place));
    }

    [Fact]
    public async Task Flowtable_is_used_where_the_kernel_has_one_and_missed_aloud_where_it_has_none()
    {
        var policy = PolicyLab.Policy(RuleAction.Accept) with { Protections = new Protections { Flowtable = true } };
        var hasFlowtable = TryNft("table inet lab { flowtable probe { hook ingress priority 0; devices = { lan }; }\n }\n").Code == 0;

        await _lab.ApplyAsync(policy);

        Assert.Equal(hasFlowtable, List().Contains("flow add", StringComparison.Ordinal));
        Assert.Equal(!hasFlowtable, _lab.Firewall.IsDegraded);
        Assert.Equal(!hasFlowtable, _lab.Firewall.Description.Contains("no flowtables", StringComparison.Ordinal));
        Assert.Equal(Fate.Passed, _lab.Send(_lab.Lan, Packet.Udp(_lab.Lan.Silent4, _lab.Wan.Silent4, 80)).Fate);
    }

    [Fact]
    public async Task Kernel_that_was_not_asked_for_a_flowtable_is_not_called_short_of_one()
    {
        await _lab.ApplyAsync(PolicyLab.Policy(RuleAction.Accept));

        Assert.DoesNotContain("flowtable", _lab.Firewall.Description);
    }

    [Fact]
    public void Flowtable_is_rendered_as_nft_reads_it()
    {
        var policy = PolicyLab.Policy(RuleAction.Accept) with { Protections = new Protections { Flowtable = true } };

        var script = RulesetText.Render(PolicyLab.State(policy), Now, new KernelFeatures(Flowtable: true));
        var (_, _, errors) = TryNft(script);

        Assert.Contains("flow add @", script);
        Assert.DoesNotContain("syntax error", errors);
        Assert.DoesNotContain("flow add @", RulesetText.Render(PolicyLab.State(policy), Now, KernelFeatures.Least));
    }

    private (int Code, string Output, string Errors) TryNft(string script) =>
        Command.Try(script, NftProgram.NsenterPath, $"--net={_lab.Router.Inside.Path}", NftProgram.NftPath, "-c", "-f", "-");

    private string List() => _lab.Router.Nft("-s", "list", "ruleset");
}
