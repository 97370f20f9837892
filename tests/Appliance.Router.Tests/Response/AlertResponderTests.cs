using Appliance.Router.Response;
using Appliance.Router.Rules;
using Appliance.Router.Tests.Rules;
using static Appliance.Router.Tests.Response.Facts;

namespace Appliance.Router.Tests.Response;

public sealed class AlertResponderTests
{
    [Fact]
    public async Task An_answer_names_its_alert()
    {
        using var bench = await RuleBench.OpenAsync();

        await Responder(bench).AnswerAsync(Scan(), CancellationToken.None);

        var block = Assert.Single(bench.Store.All);
        Assert.Equal(("alert-1", "response", TimeSpan.FromHours(1)), (block.AlertId, block.Creator, block.ExpireTime - block.CreateTime));
        Assert.StartsWith("scan (Medium): ", block.Reason);
        Assert.Equal(["203.0.113.7"], bench.Firewall.Held);
    }

    [Fact]
    public async Task An_alert_that_grows_causes_no_churn()
    {
        using var bench = await RuleBench.OpenAsync();
        var responder = Responder(bench);
        await responder.AnswerAsync(Scan(), CancellationToken.None);
        using var watch = bench.Store.Watch();

        for (var second = 0; second < 60; second++)
        {
            bench.Clock.Advance(TimeSpan.FromSeconds(1));
            await responder.AnswerAsync(Scan() with { Severity = AlertSeverity.High, LastSeen = bench.Clock.GetUtcNow() }, CancellationToken.None);
        }

        Assert.False(watch.Changes.TryRead(out _));
        Assert.Equal(1, bench.Firewall.Puts);
    }

    [Fact]
    public async Task An_alert_that_goes_on_past_half_the_block_extends_it()
    {
        using var bench = await RuleBench.OpenAsync();
        var responder = Responder(bench);
        await responder.AnswerAsync(Scan(), CancellationToken.None);

        bench.Clock.Advance(TimeSpan.FromMinutes(40));
        await responder.AnswerAsync(Scan(), CancellationToken.None);

        Assert.Equal(Samples.Start + TimeSpan.FromMinutes(100), Assert.Single(bench.Store.All).ExpireTime);
    }

    [Fact]
    public async Task Another_alert_about_the_same_offender_names_itself_on_the_same_block()
    {
        using var bench = await RuleBench.OpenAsync();
        var responder = Responder(bench);
        await responder.AnswerAsync(Scan(), CancellationToken.None);

        await responder.AnswerAsync(Scan(id: "alert-2") with { Category = "brute-force" }, CancellationToken.None);

        Assert.Equal("alert-2", Assert.Single(bench.Store.All).AlertId);
        Assert.NotNull(bench.Table.FindAnswer("alert-1", Samples.Target("203.0.113.7"), BlockAction.Drop));
        Assert.NotNull(bench.Table.FindAnswer("alert-2", Samples.Target("203.0.113.7"), BlockAction.Drop));
    }

    [Fact]
    public async Task Repeat_offenders_stay_out_twice_as_long_each_time()
    {
        using var bench = await RuleBench.OpenAsync();
        var responder = Responder(bench);
        var hours = new List<double>();

        for (var offence = 1; offence <= 6; offence++)
        {
            await responder.AnswerAsync(Scan(id: $"alert-{offence}"), CancellationToken.None);
            var block = Assert.Single(bench.Store.All);
            hours.Add((block.ExpireTime - block.CreateTime).TotalHours);
            bench.Clock.Advance(block.ExpireTime - bench.Clock.GetUtcNow());
            await bench.Store.ExpireAsync(CancellationToken.None);
        }

        Assert.Equal([1, 2, 4, 8, 16, 24], hours);
    }

    [Fact]
    public async Task What_somebody_lifted_stays_lifted_for_that_alert_and_does_not_count_as_an_offence()
    {
        using var bench = await RuleBench.OpenAsync();
        var responder = Responder(bench);
        await responder.AnswerAsync(Scan(), CancellationToken.None);
        await bench.Store.DeleteAsync(bench.Store.All[0].Id, CancellationToken.None);

        await responder.AnswerAsync(Scan(), CancellationToken.None);
        var afterUndo = bench.Store.All.Count;
        await responder.AnswerAsync(Scan(id: "alert-2"), CancellationToken.None);

        var block = Assert.Single(bench.Store.All);
        Assert.Equal(0, afterUndo);
        Assert.Equal(TimeSpan.FromHours(1), block.ExpireTime - block.CreateTime);
    }

    [Fact]
    public async Task An_alert_told_again_after_a_restart_is_answered_once()
    {
        using var bench = await RuleBench.OpenAsync();
        await Responder(bench).AnswerAsync(Flood("198.51.100.1", "198.51.100.2"), CancellationToken.None);
        var before = bench.Store.All;
        bench.Clock.Advance(TimeSpan.FromSeconds(20));

        await bench.ReopenAsync();
        await Responder(bench).CatchUpAsync(Flood("198.51.100.1", "198.51.100.2"), CancellationToken.None);

        Assert.Equal(before, bench.Store.All);
        Assert.Equal(2, before.Count);
    }

    [Fact]
    public async Task A_target_that_joins_a_growing_flood_is_limited_too()
    {
        using var bench = await RuleBench.OpenAsync();
        var responder = Responder(bench);
        await responder.AnswerAsync(Flood("198.51.100.1"), CancellationToken.None);

        await responder.AnswerAsync(Flood("198.51.100.1", "198.51.100.2"), CancellationToken.None);

        Assert.Equal(["198.51.100.1", "198.51.100.2"], bench.Firewall.Held);
    }

    [Fact]
    public async Task Old_alerts_of_the_time_away_are_not_answered()
    {
        using var bench = await RuleBench.OpenAsync();

        await Responder(bench).CatchUpAsync(Scan() with { LastSeen = Samples.Start - TimeSpan.FromMinutes(61) }, CancellationToken.None);
        var old = bench.Store.All.Count;
        await Responder(bench).CatchUpAsync(Scan() with { LastSeen = Samples.Start - TimeSpan.FromMinutes(59) }, CancellationToken.None);

        Assert.Equal((0, 1), (old, bench.Store.All.Count));
    }

    [Fact]
    public async Task A_dry_run_shows_its_answers_and_enforces_none()
    {
        using var bench = await RuleBench.OpenAsync();

        await Responder(bench, ResponseOptions.DryRun).AnswerAsync(Scan(), CancellationToken.None);

        Assert.True(Assert.Single(bench.Store.All).IsDryRun);
        Assert.Empty(bench.Firewall.Held);
    }

    [Fact]
    public async Task Spoofing_a_protected_address_blocks_nobody()
    {
        using var bench = await RuleBench.OpenAsync(host: new FixedHost("192.168.1.1", "198.51.100.1"));

        await Responder(bench).AnswerAsync(Scan("192.168.1.1"), CancellationToken.None);
        await Responder(bench).AnswerAsync(Flood("198.51.100.1") with { Id = "alert-2" }, CancellationToken.None);

        Assert.Empty(bench.Store.All);
    }

    [Fact]
    public async Task An_answer_over_the_cap_is_given_when_there_is_room_again()
    {
        using var bench = await RuleBench.OpenAsync(options: new BlockOptions { MaxBlocksPerMinute = 1 });
        var responder = Responder(bench);
        await responder.AnswerAsync(Scan("203.0.113.1"), CancellationToken.None);

        await responder.AnswerAsync(Scan("203.0.113.2", "alert-2"), CancellationToken.None);
        var refused = bench.Store.All.Count;
        bench.Clock.Advance(TimeSpan.FromMinutes(1));
        await responder.AnswerAsync(Scan("203.0.113.2", "alert-2"), CancellationToken.None);

        Assert.Equal((1, 2), (refused, bench.Store.All.Count));
    }

    [Fact]
    public async Task An_undone_answer_stays_undone_when_the_same_source_is_told_with_its_station()
    {
        using var bench = await RuleBench.OpenAsync();
        var responder = Responder(bench);
        await responder.AnswerAsync(Scan("192.168.1.20") with { SourceMac = default }, CancellationToken.None);
        await bench.Store.DeleteAsync(bench.Store.All[0].Id, CancellationToken.None);

        await responder.AnswerAsync(Scan("192.168.1.20"), CancellationToken.None);

        Assert.Empty(bench.Store.All);
    }

    [Fact]
    public async Task One_target_of_a_flood_that_was_freed_stays_free_and_the_others_limited()
    {
        using var bench = await RuleBench.OpenAsync();
        var responder = Responder(bench);
        await responder.AnswerAsync(Flood("198.51.100.1", "198.51.100.2"), CancellationToken.None);
        await bench.Store.DeleteAsync(bench.Store.All.Single(block => block.Target == Samples.Target("198.51.100.1")).Id, CancellationToken.None);

        await responder.AnswerAsync(Flood("198.51.100.1", "198.51.100.2", "198.51.100.3"), CancellationToken.None);

        Assert.Equal(["198.51.100.2", "198.51.100.3"], bench.Firewall.Held);
    }

    [Fact]
    public async Task An_offender_is_forgotten_with_the_history_of_blocks()
    {
        using var bench = await RuleBench.OpenAsync(options: new BlockOptions { HistoryRetention = TimeSpan.FromDays(2) });
        var options = ResponseBench.Enforcing();
        options.RepeatWindow = TimeSpan.FromDays(365);
        var responder = new ResponseBench(bench, options).Responder;
        await ServeAsync(bench, responder, "alert-1");
        var second = await ServeAsync(bench, responder, "alert-2");

        bench.Clock.Advance(TimeSpan.FromDays(2));
        // What ended is swept when the next block ends.
        await ServeAsync(bench, responder, "alert-3", "203.0.113.99");
        var later = await ServeAsync(bench, responder, "alert-4");

        Assert.Equal((TimeSpan.FromHours(2), TimeSpan.FromHours(1)), (second, later));
    }

    [Fact]
    public async Task Dry_runs_that_were_served_do_not_lengthen_the_first_enforced_answer()
    {
        using var bench = await RuleBench.OpenAsync();
        var trying = Responder(bench, ResponseOptions.DryRun);
        await ServeAsync(bench, trying, "alert-1");
        var secondDry = await ServeAsync(bench, trying, "alert-2");

        var enforced = await ServeAsync(bench, Responder(bench), "alert-3");

        Assert.Equal((TimeSpan.FromHours(2), TimeSpan.FromHours(1)), (secondDry, enforced));
    }

    [Fact]
    public async Task An_alert_that_goes_on_past_the_trial_is_enforced_at_its_next_revision()
    {
        using var bench = await RuleBench.OpenAsync();
        var responder = Responder(bench, ResponseOptions.Trial);
        bench.Clock.Advance(TimeSpan.FromHours(23) + TimeSpan.FromMinutes(59));
        await responder.AnswerAsync(Scan(), CancellationToken.None);
        var tried = bench.Firewall.Held.Count;

        bench.Clock.Advance(TimeSpan.FromMinutes(1));
        await responder.AnswerAsync(Scan(), CancellationToken.None);

        Assert.Equal(0, tried);
        Assert.Equal(["203.0.113.7"], bench.Firewall.Held);
        Assert.False(Assert.Single(bench.Store.All).IsDryRun);
    }

    private static AlertResponder Responder(RuleBench bench, string mode = ResponseOptions.Enforce) =>
        new ResponseBench(bench, new ResponseOptions { Mode = mode }).Responder;

    /// <summary>Answers an alert, and lets the whole time of the block pass.</summary>
    private static async Task<TimeSpan> ServeAsync(RuleBench bench, AlertResponder responder, string alert, string source = "203.0.113.7")
    {
        await responder.AnswerAsync(Scan(source, alert), CancellationToken.None);
        var block = bench.Store.All.Single(one => one.AlertId == alert);
        bench.Clock.Advance(block.ExpireTime - bench.Clock.GetUtcNow());
        await bench.Store.ExpireAsync(CancellationToken.None);
        return block.ExpireTime - block.CreateTime;
    }
}
