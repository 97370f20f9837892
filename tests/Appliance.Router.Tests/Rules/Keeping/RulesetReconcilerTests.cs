using System.Text.RegularExpressions;
using Appliance.Hosting.Health;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Keeping;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Rules.Keeping;

/// <summary>What others do to our table in a real kernel, and what does not count as that.</summary>
[Trait("Category", "Slow")]
public sealed partial class RulesetReconcilerTests
{
    private const string Others = """
        table ip docker {
          chain nat { type nat hook postrouting priority 100; ip saddr 172.17.0.0/16 counter masquerade; }
        }
        table inet libvirt {
          set guests { type ipv4_addr; flags timeout; elements = { 192.168.122.7 timeout 23h } }
          chain forward { type filter hook forward priority 0; policy accept; ip saddr @guests counter accept; }
        }
        table inet mine {
          counter seen { packets 7 bytes 700 }
          map ways { type ipv4_addr : verdict; elements = { 10.3.3.3 : drop } }
        }
        """;

    [Fact]
    public async Task A_rule_that_somebody_adds_is_told_with_its_maker_and_taken_out()
    {
        using var bench = await KeepingBench.OpenAsync();
        var before = bench.Listing;

        await bench.ChangeByHandAsync("insert rule inet appliance forward ip saddr 10.6.6.6 accept");
        var isWrong = await bench.LookAsync();

        Assert.True(isWrong);
        Assert.Equal(before, bench.Listing);
        Assert.Matches(@"^The firewall's table was changed \(\+ chain forward: ip saddr 10\.6\.6\.6 accept\) by nft \(process \d+\); it has been put right\.$", Assert.Single(bench.Log.Messages));
        Assert.Equal((1, 0), (bench.Report.TablesCount, bench.Report.ElementsCount));
    }

    [Theory]
    [InlineData("flush chain inet appliance forward", "- chain forward: ")]
    [InlineData("add chain inet appliance back { type filter hook input priority -500; policy accept; }", "+ chain back")]
    [InlineData("add chain inet appliance forward { policy drop; }", "+ chain forward: type filter hook forward priority filter; policy drop;")]
    [InlineData("delete element inet appliance protected4 { 192.0.2.0/24 }", "elements of protected4")]
    [InlineData("add element inet appliance protected_mac { 02:00:5e:00:53:66 }", "elements of protected_mac")]
    [InlineData("add set inet appliance hole { type ipv4_addr; }", "+ set hole")]
    public async Task Whatever_else_somebody_changes_is_put_right(string script, string told)
    {
        using var bench = await KeepingBench.OpenAsync();
        var before = bench.Listing;

        await bench.ChangeByHandAsync(script);
        await bench.LookAsync();

        Assert.Equal(before, bench.Listing);
        Assert.Contains(told, Assert.Single(bench.Log.Messages));
        Assert.Equal(1, bench.Health.Ratio);
    }

    [Theory]
    [InlineData("delete table inet appliance")]
    [InlineData("flush ruleset")]
    public async Task A_deleted_table_comes_back_with_its_blocks(string script)
    {
        using var bench = await KeepingBench.OpenAsync();
        await bench.Store.CreateAsync(Ask("203.0.113.7"), CancellationToken.None);
        var before = Kept(bench);

        await bench.ChangeByHandAsync(script);
        await bench.LookAsync();

        Assert.Equal(before, Kept(bench));
        Assert.Contains("was deleted by nft (process ", Assert.Single(bench.Log.Messages));
    }

    [Fact]
    public async Task Blocks_that_somebody_takes_out_come_back_and_elements_of_nobody_go()
    {
        using var bench = await KeepingBench.OpenAsync();
        await bench.Store.CreateAllAsync([Ask("203.0.113.7"), Ask("203.0.113.8"), AskLimit("203.0.113.9", 50), Ask("2001:db8::7")], CancellationToken.None);
        var before = Kept(bench);

        await bench.ChangeByHandAsync(
            """
            delete element inet appliance blocked4 { 203.0.113.7 }
            add element inet appliance blocked4 { 203.0.113.66 timeout 1h }
            delete element inet appliance limited4 { 203.0.113.9 }
            add element inet appliance limited4 { 203.0.113.9 limit rate over 900/second timeout 1h }
            delete element inet appliance blocked6 { 2001:db8::7 }
            add element inet appliance blocked6 { 2001:db8::7 timeout 0s }
            """);
        await bench.LookAsync();

        Assert.Equal(before, Kept(bench));
        var told = Assert.Single(bench.Log.Messages);
        Assert.Contains("- block of 203.0.113.7", told);
        Assert.Contains("+ blocked4: 203.0.113.66", told);
        Assert.Equal((0, 1, 4), (bench.Report.TablesCount, bench.Report.ElementsCount, bench.Report.RestoredCount));
    }

    [Fact]
    public async Task A_change_that_was_taken_back_is_none()
    {
        using var bench = await KeepingBench.OpenAsync();

        await bench.ChangeByHandAsync("add element inet appliance blocked4 { 203.0.113.66 timeout 1h }\ndelete element inet appliance blocked4 { 203.0.113.66 }");
        var isWrong = await bench.LookAsync();

        Assert.False(isWrong);
        Assert.Empty(bench.Log.Messages);
    }

    [Fact]
    public async Task A_change_before_the_listing_after_an_apply_is_not_taken_for_ours()
    {
        using var bench = await KeepingBench.OpenAsync();
        var clean = bench.Listing;
        using var stop = new CancellationTokenSource();
        var meddling = Task.Run(() => Meddle(bench, stop.Token), TestContext.Current.CancellationToken);

        for (var apply = 0; apply < 20; apply++)
        {
            await bench.Store.ReconcileAsync(CancellationToken.None);
        }

        await stop.CancelAsync();
        await meddling;
        await bench.Kernel.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        await bench.LookAsync();

        Assert.Equal(clean, bench.Listing);
    }

    [Fact]
    public async Task Our_own_changes_at_the_same_time_raise_no_alarm()
    {
        using var bench = await KeepingBench.OpenAsync();
        var work = Task.Run(() => WorkAsync(bench), TestContext.Current.CancellationToken);

        var wrong = 0;
        while (!work.IsCompleted)
        {
            wrong += await bench.LookAsync() ? 1 : 0;
        }

        await work;
        Assert.Equal(0, wrong);
        Assert.Empty(bench.Log.Messages);
        Assert.DoesNotContain(bench.Kernel.TakeChanges(), change => change.IsHeard);
    }

    [Fact]
    public async Task Sets_that_grow_are_never_read_short()
    {
        using var bench = await KeepingBench.OpenAsync();
        var wrong = 0;

        for (var round = 0; round < 20; round++)
        {
            await bench.Store.CreateAllAsync([.. Enumerable.Range(1, 1000).Select(index => Ask($"10.{round + 1}.{index / 250}.{(index % 250) + 1}"))], CancellationToken.None);
            wrong += await bench.LookAsync() ? 1 : 0;
        }

        Assert.Equal(0, wrong);
        Assert.Empty(bench.Log.Messages);
        Assert.Equal(20_000, bench.Store.All.Count);
    }

    [Fact]
    public async Task Blocks_that_have_just_ended_in_the_kernel_are_not_missed()
    {
        using var bench = await KeepingBench.OpenAsync();
        await bench.Store.CreateAsync(Ask("203.0.113.7", 1), CancellationToken.None);

        var wrong = 0;
        while (bench.Listing.Contains("203.0.113.7", StringComparison.Ordinal))
        {
            wrong += await bench.LookAsync() ? 1 : 0;
        }

        wrong += await bench.LookAsync() ? 1 : 0;

        Assert.Equal(0, wrong);
        Assert.Single(bench.Store.All);
    }

    [Fact]
    public async Task A_wall_clock_that_jumps_is_nobodys_doing()
    {
        using var bench = await KeepingBench.OpenAsync();
        await bench.Store.CreateAsync(Ask("203.0.113.7", 1), CancellationToken.None);
        bench.Clock.Jump(-TimeSpan.FromHours(1));
        while (bench.Listing.Contains("203.0.113.7", StringComparison.Ordinal))
        {
            // The kernel ends it after a second, by its own clock.
        }

        var isWrong = await bench.LookAsync();
        bench.Clock.Jump(TimeSpan.FromHours(2));
        var isWrongLater = await bench.LookAsync();

        Assert.Equal((true, false), (isWrong, isWrongLater));
        Assert.Contains("203.0.113.7", bench.Listing);
        Assert.StartsWith("The kernel lacked 1 blocks, had 0 elements of none", Assert.Single(bench.Log.Messages));
        Assert.Equal((0, 0), (bench.Report.TablesCount, bench.Report.ElementsCount));
    }

    [Fact]
    public async Task Tables_of_others_stay_byte_for_byte_what_they_were()
    {
        using var bench = new KeepingBench();
        bench.Place.NftScript(Others);
        var before = ListOthers(bench);

        await bench.Store.LoadAsync(CancellationToken.None);
        await bench.Store.CreateAllAsync([Ask("203.0.113.7"), AskLimit("203.0.113.9")], CancellationToken.None);
        await bench.LookAsync();
        var afterWork = ListOthers(bench);
        await bench.ChangeByHandAsync("flush table inet appliance");
        await bench.LookAsync();
        var afterRules = ListOthers(bench);
        await bench.ChangeByHandAsync("flush set inet appliance blocked4");
        await bench.LookAsync();
        var afterBlocks = ListOthers(bench);
        await bench.ChangeByHandAsync("delete table inet appliance");
        await bench.LookAsync();

        Assert.Equal([before, before, before, before], [afterWork, afterRules, afterBlocks, ListOthers(bench)]);
        Assert.Equal(3, bench.Log.Messages.Count);
    }

    [Fact]
    public async Task Changes_of_tables_of_others_are_not_looked_at()
    {
        using var bench = await KeepingBench.OpenAsync();

        bench.Place.NftScript(Others);
        await bench.Kernel.WaitAsync(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken);

        Assert.Empty(bench.Kernel.TakeChanges());
    }

    [Fact]
    public async Task Share_that_is_there_is_shown_until_all_is()
    {
        using var bench = await KeepingBench.OpenAsync();
        await bench.Store.CreateAllAsync([.. Enumerable.Range(1, 100).Select(index => Ask($"203.0.113.{index}"))], CancellationToken.None);
        bench.Health.Applied();
        var whole = (bench.Health.Ratio, Firewall(bench).State);

        await bench.ChangeByHandAsync("flush set inet appliance blocked4");
        var half = (await bench.Kernel.LookAsync(bench.Store.All, [], CancellationToken.None)).Ratio;
        bench.Health.Measured(half);
        var told = Firewall(bench);
        await bench.ChangeByHandAsync("delete table inet appliance");
        bench.Health.Measured((await bench.Kernel.LookAsync(bench.Store.All, [], CancellationToken.None)).Ratio);
        var none = (bench.Health.Ratio, Firewall(bench).State);
        await bench.LookAsync();

        Assert.Equal((1, PartState.Healthy), whole);
        Assert.InRange(half, 0.3, 0.7);
        Assert.Equal(PartState.Degraded, told.State);
        Assert.Matches(@"Of what should be there, \d\d % is\.$", told.Text);
        Assert.Equal((0, PartState.Failed), none);
        Assert.Equal(whole, (bench.Health.Ratio, Firewall(bench).State));
    }

    [Fact]
    public async Task What_the_kernel_could_not_tell_is_found_by_looking_now_and_then()
    {
        using var bench = await KeepingBench.OpenAsync();
        await bench.Store.CreateAsync(Ask("203.0.113.7", 1), CancellationToken.None);
        bench.Clock.Jump(-TimeSpan.FromHours(1));
        using var watch = new RulesetWatch(
            bench.Reconciler, bench.Kernel, Options.Create(new KeepingOptions { LookInterval = TimeSpan.FromSeconds(1) }), bench.Clock, NullLogger<RulesetWatch>.Instance);

        await watch.StartAsync(CancellationToken.None);
        var told = await bench.Log.Lines.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        await watch.StopAsync(CancellationToken.None);

        Assert.StartsWith("The kernel lacked 1 blocks", told);
        Assert.Contains("203.0.113.7", bench.Listing);
    }

    [Fact]
    public async Task Before_anything_was_applied_there_is_nothing_to_keep()
    {
        using var bench = new KeepingBench();

        var isWrong = await bench.LookAsync();

        Assert.False(isWrong);
        Assert.Equal(0, bench.Health.Ratio);
    }

    private static PartHealth Firewall(KeepingBench bench) => bench.Board.Snapshot.Single(part => part.Part == EnforcementHealth.Part);

    // A block's remaining time passes; what it is for does not.
    private static string Kept(KeepingBench bench) => Timeouts().Replace(bench.Listing, "timeout");

    private static string ListOthers(KeepingBench bench) => bench.Place.Nft("list", "table", "ip", "docker")
        + Expiries().Replace(bench.Place.Nft("list", "table", "inet", "libvirt"), "expires")
        + bench.Place.Nft("list", "table", "inet", "mine");

    private static void Meddle(KeepingBench bench, CancellationToken token)
    {
        while (!token.IsCancellationRequested)
        {
            bench.Place.NftScript("add rule inet appliance forward ip saddr 10.6.6.6 accept");
        }
    }

    private static async Task WorkAsync(KeepingBench bench)
    {
        for (var round = 0; round < 15; round++)
        {
            var made = await bench.Store.CreateAllAsync([Ask($"203.0.113.{round + 1}"), AskLimit($"198.51.100.{round + 1}"), Ask($"10.0.0.{round + 1}")], CancellationToken.None);
            await bench.Store.DeleteAsync(made[2].Block!.Id, CancellationToken.None);
            await bench.Store.ReconcileAsync(CancellationToken.None);
        }
    }

    [GeneratedRegex(@"timeout [\dhms]+", RegexOptions.None, 1000)]
    private static partial Regex Timeouts();

    [GeneratedRegex(@"expires [\dhms]+", RegexOptions.None, 1000)]
    private static partial Regex Expiries();
}
