using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using Microsoft.Extensions.Time.Testing;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Nftables;

/// <summary>The whole ruleset: rendered, taken by a real nft, and never torn.</summary>
[Trait("Category", "Slow")]
public sealed class RulesetTests
{
    [Fact]
    public void Rendering_is_what_it_was()
    {
        var text = RulesetText.Render(
            new FirewallState(
                [Drop("10.0.0.1", 60), Drop("fd00::1", 1.5), Drop("02:00:5e:00:53:01", 60), Limit("10.0.0.9", 250), Drop("10.0.0.8", -1), Drop("10.0.0.7", 60) with { IsDryRun = true }],
                [Range("127.0.0.0/8"), Range("127.0.0.1"), Range("127.0.0.0/8"), Range("fe80::1"), Range("02:00:5e:00:53:ff"), Range("02:00:5e:00:53:ff")]),
            Start);

        Assert.Contains("set blocked4 {\n    type ipv4_addr\n    flags timeout\n    elements = { 10.0.0.1 timeout 60000ms }\n  }", text);
        Assert.Contains("set blocked6 {\n    type ipv6_addr\n    flags timeout\n    elements = { fd00::1 timeout 1500ms }\n  }", text);
        Assert.Contains("set blocked_mac {\n    type ether_addr\n    flags timeout\n    elements = { 02:00:5e:00:53:01 timeout 60000ms }\n  }", text);
        Assert.Contains("elements = { 10.0.0.9 limit rate over 250/second burst 25 packets timeout 3600000ms }", text);
        Assert.Contains("set protected4 {\n    type ipv4_addr\n    flags interval\n    elements = { 127.0.0.0/8 }\n  }", text);
        Assert.Contains("set protected_mac {\n    type ether_addr\n    elements = { 02:00:5e:00:53:ff }\n  }", text);
    }

    [Fact]
    public void A_script_is_two_short_commands_and_one_block()
    {
        var text = RulesetText.Render(new FirewallState([.. Many(50)], []), Start);

        Assert.StartsWith("table inet appliance\ndelete table inet appliance\ntable inet appliance {\n", text);
        Assert.EndsWith("\n}\n", text);
        Assert.Equal(2, text.Split('\n').Count(line => line.Length > 0 && line[0] is not (' ' or '}') && !line.EndsWith('{')));
    }

    [Fact]
    public async Task Kernel_holds_what_was_rendered()
    {
        using var place = new TestNamespace();
        var nft = new NftProgram(place.Inside, TimeProvider.System);
        var state = new FirewallState([Drop("10.0.0.1", 60), Drop("fd00::1", 60), Drop("02:00:5e:00:53:01", 60), Limit("10.0.0.9", 250), Limit("fd00::9", 250)], [Range("127.0.0.0/8"), Range("fe80::/10")]);
        using var sets = place.OpenSets();

        await nft.CheckAsync(RulesetText.Render(state, Start), CancellationToken.None);
        var checkedOnly = place.Nft("list", "tables");
        await nft.ApplyAsync(RulesetText.Render(state, Start), CancellationToken.None);

        Assert.Equal("", checkedOnly);
        Assert.Equal(["10.0.0.1", "fd00::1", "02:00:5e:00:53:01", "10.0.0.9", "fd00::9"], BaseRuleset.BlockSets.SelectMany(sets.List).Select(element => element.Key.ToString()));
        Assert.Equal(250, sets.List(BaseRuleset.Limited6).Single().PacketsPerSecond);
        Assert.InRange(sets.List(BaseRuleset.Blocked4).Single().Remaining, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Applying_again_keeps_blocks_and_leaves_other_tables_alone()
    {
        using var place = new TestNamespace();
        place.NftScript("table ip docker { chain nat { type nat hook postrouting priority 100; ip saddr 172.17.0.0/16 masquerade; }\n }\n table inet mine { set hosts { type ipv4_addr; elements = { 10.3.3.3 } }\n }");
        var others = place.Nft("list", "ruleset");
        var (firewall, sets, cutter) = OpenFirewall(place);
        using (sets)
        using (cutter)
        {
            await firewall.ApplyAsync(new FirewallState([], []), CancellationToken.None);
            firewall.Put([Drop("10.0.0.1", 600)]);

            await firewall.ApplyAsync(new FirewallState([Drop("10.0.0.1", 600)], [Range("10.9.0.0/16")]), CancellationToken.None);

            Assert.Equal(["10.0.0.1"], sets.List(BaseRuleset.Blocked4).Select(element => element.Key.ToString()));
            place.Nft("delete", "table", "inet", "appliance");
            Assert.Equal(others, place.Nft("list", "ruleset"));
        }
    }

    [Fact]
    public async Task Ruleset_that_nft_refuses_leaves_the_old_one()
    {
        using var place = new TestNamespace();
        var nft = new NftProgram(place.Inside, TimeProvider.System);
        await nft.ApplyAsync(RulesetText.Render(new FirewallState([Drop("10.0.0.1", 600)], []), Start), CancellationToken.None);
        var broken = RulesetText.Render(new FirewallState([], []), Start).Replace("drop", "drip", StringComparison.Ordinal);

        var error = await Assert.ThrowsAsync<RulesetRejectedException>(() => nft.ApplyAsync(broken, CancellationToken.None));

        Assert.Contains("syntax error", error.Message);
        Assert.Contains("10.0.0.1", place.Nft("list", "set", "inet", "appliance", "blocked4"));
    }

    [Fact]
    public async Task Missing_table_is_told_as_such()
    {
        using var place = new TestNamespace();
        var (firewall, sets, cutter) = OpenFirewall(place);
        using (sets)
        using (cutter)
        {
            Assert.Throws<RulesetMissingException>(() => firewall.Put([Drop("10.0.0.1", 600)]));
            Assert.Throws<RulesetMissingException>(() => firewall.Remove([Drop("10.0.0.1", 600)]));
            await firewall.ApplyAsync(new FirewallState([], []), CancellationToken.None);

            firewall.Put([Drop("10.0.0.1", 600)]);

            Assert.Single(sets.List(BaseRuleset.Blocked4));
        }
    }

    [Fact]
    public async Task Script_cut_behind_any_page_of_the_pipe_is_refused()
    {
        using var place = new TestNamespace();
        var nft = new NftProgram(place.Inside, TimeProvider.System);
        var script = RulesetText.Render(new FirewallState([.. Many(2000)], []), Start);
        await nft.ApplyAsync(script, CancellationToken.None);

        for (var length = 4096; length < script.Length; length += 4096)
        {
            await Assert.ThrowsAsync<RulesetRejectedException>(() => nft.ApplyAsync(script[..length], CancellationToken.None));
        }

        using var sets = place.OpenSets();
        Assert.Equal(2000, sets.List(BaseRuleset.Blocked4).Count);
    }

    [Fact]
    public async Task Thirty_kills_in_mid_apply_leave_the_old_or_the_new_ruleset_whole()
    {
        using var place = new TestNamespace();
        using var sets = place.OpenSets();
        var nft = new NftProgram(place.Inside, TimeProvider.System);
        var scripts = new Dictionary<int, string>
        {
            [5000] = RulesetText.Render(new FirewallState([.. Many(5000)], []), Start),
            [6000] = RulesetText.Render(new FirewallState([.. Many(6000)], []), Start),
        };
        var began = TimeProvider.System.GetTimestamp();
        await nft.ApplyAsync(scripts[5000], CancellationToken.None);
        var whole = TimeProvider.System.GetElapsedTime(began);
        var chains = place.Nft("-s", "list", "chain", "inet", "appliance", "forward") + place.Nft("-s", "list", "chain", "inet", "appliance", "input");
        var held = 5000;
        var changes = 0;

        for (var kill = 0; kill < 30; kill++)
        {
            var wanted = held == 5000 ? 6000 : 5000;
            using var child = Command.Start(NftProgram.NsenterPath, $"--net={place.Inside.Path}", NftProgram.NftPath, "-f", "-");
            await child.StandardInput.WriteAsync(scripts[wanted]);
            child.StandardInput.Close();
            child.WaitForExit((int)(whole.TotalMilliseconds * kill / 24));
            child.Kill();
            child.WaitForExit();
            var now = sets.List(BaseRuleset.Blocked4).Count;
            Assert.Contains(now, (int[])[5000, 6000]);
            changes += now == held ? 0 : 1;
            held = now;
        }

        Assert.Equal(chains, place.Nft("-s", "list", "chain", "inet", "appliance", "forward") + place.Nft("-s", "list", "chain", "inet", "appliance", "input"));
        TestContext.Current.TestOutputHelper?.WriteLine($"30 kills over {whole.TotalMilliseconds * 1.2:0} ms: {changes} came too late to stop the change, {30 - changes} stopped it.");
        Assert.InRange(changes, 0, 29);
    }

    [Fact]
    public async Task Rendered_firewall_keeps_the_text_that_would_be_applied()
    {
        var clock = new FakeTimeProvider(Start);
        var firewall = new RenderedFirewall("no rights.", clock);
        await firewall.ApplyAsync(new FirewallState([Drop("10.0.0.1", 60), Drop("10.0.0.2", 600)], [Range("10.9.0.0/16")]), CancellationToken.None);
        firewall.Put([Drop("10.0.0.3", 600)]);

        firewall.Remove([Drop("10.0.0.2", 600)]);
        clock.Advance(TimeSpan.FromSeconds(90));

        Assert.False(firewall.Enforces);
        Assert.Equal("Rendered only: no rights.", firewall.Description);
        Assert.Contains("elements = { 10.0.0.3 timeout 510000ms }", firewall.Text);
        Assert.DoesNotContain("10.0.0.1", firewall.Text);
        Assert.DoesNotContain("10.0.0.2", firewall.Text);
    }

    private static (NftablesFirewall Firewall, KernelSets Sets, ConnectionCutter Cutter) OpenFirewall(TestNamespace place)
    {
        var sets = place.OpenSets();
        var cutter = new ConnectionCutter(place.OpenNetlink());
        return (new NftablesFirewall(new NftProgram(place.Inside, TimeProvider.System), sets, cutter, new FakeTimeProvider(Start), "a test"), sets, cutter);
    }

    private static IEnumerable<Block> Many(int count) => Enumerable.Range(1, count).Select(index => Make(new BlockTarget(TargetKind.Address4, 0x0A000000u + (uint)index), BlockAction.Drop, 0, Start, 3600));
}
