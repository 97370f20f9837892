using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Router.Response;
using Appliance.Router.Tests.Rules;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Tests.Response;

public sealed class ResponseTrialTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SetClock _clock = new(Samples.Start);

    [Fact]
    public void Answers_are_tried_out_for_a_day_from_the_first_start_and_then_enforced()
    {
        var trial = Start();
        var first = trial.IsDryRun;

        _clock.Advance(TimeSpan.FromHours(23));
        var late = trial.IsDryRun;
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal((true, true, false), (first, late, trial.IsDryRun));
    }

    [Fact]
    public void A_restart_does_not_begin_the_day_anew()
    {
        Start();
        _clock.Advance(TimeSpan.FromHours(23));

        var again = Start();
        var before = again.IsDryRun;
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal((true, false, false), (before, again.IsDryRun, Start().IsDryRun));
    }

    [Theory]
    [InlineData(-40)]
    [InlineData(40)]
    public void A_clock_that_is_set_while_the_router_runs_changes_nothing(int days)
    {
        var trial = Start();
        _clock.Advance(TimeSpan.FromHours(12));

        _clock.Set(Samples.Start + TimeSpan.FromDays(days));
        var after = trial.Left;
        _clock.Advance(TimeSpan.FromHours(12));

        Assert.Equal((TimeSpan.FromHours(12), false), (after, trial.IsDryRun));
    }

    [Fact]
    public void A_first_start_that_is_still_to_come_begins_the_day_anew()
    {
        Start();
        _clock.Set(Samples.Start - TimeSpan.FromDays(40));

        var again = Start();
        var left = again.Left;
        _clock.Advance(TimeSpan.FromHours(25));

        Assert.Equal((TimeSpan.FromDays(1), false, false), (left, again.IsDryRun, Start().IsDryRun));
    }

    [Fact]
    public void A_trial_that_is_over_stays_over_when_the_clock_jumps_backwards()
    {
        var trial = Start();
        _clock.Advance(TimeSpan.FromDays(1));
        trial.End();

        _clock.Set(Samples.Start - TimeSpan.FromDays(40));

        Assert.False(Start().IsDryRun);
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2026-11-24")]
    [InlineData("1970-01-01T00:00:10.0000000+00:00")]
    [InlineData(" over")]
    public void A_moment_that_cannot_be_begins_the_day_anew(string text)
    {
        Start();
        _clock.Advance(TimeSpan.FromHours(25));
        File.WriteAllText(Path.Combine(Paths().State, ResponseTrial.FileName), text);

        var again = Start();

        Assert.Equal(TimeSpan.FromDays(1), again.Left);
        Assert.Equal(TimeSpan.FromDays(1), Start().Left);
    }

    [Fact]
    public void Other_modes_know_no_trial()
    {
        var dry = Start(ResponseOptions.DryRun);
        var enforcing = Start(ResponseOptions.Enforce);
        _clock.Advance(TimeSpan.FromDays(100));

        Assert.Equal((true, false), (dry.IsDryRun, enforcing.IsDryRun));
    }

    public void Dispose() => _folder.Dispose();

    private ResponseTrial Start(string mode = ResponseOptions.Trial) =>
        new(Paths(), Options.Create(new ResponseOptions { Mode = mode }), _clock, NullLogger<ResponseTrial>.Instance);

    private NodePaths Paths() => new(Options.Create(new NodeOptions { StateDirectory = _folder.Path }), new RunningRole(Role.Router));
}
