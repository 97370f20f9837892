using Appliance.Hosting.Events;
using Appliance.Hosting.Health;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Hosting.Tests.Events;

public sealed class HealthEventsTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly HealthBoard _board;
    private readonly EventLog _events;
    private readonly HealthEvents _watch;

    public HealthEventsTests()
    {
        _board = new HealthBoard(_clock);
        _events = new EventLog(_clock);
        _watch = new HealthEvents(_board, _events, _clock);
    }

    [Fact]
    public void Part_that_misses_another_for_a_moment_is_no_event()
    {
        _board.Report("alerts", PartState.Degraded, "not connected");
        LookAfter(HealthEvents.DegradedAfter - TimeSpan.FromSeconds(1));
        _board.Report("alerts", PartState.Healthy, "connected");

        LookAfter(TimeSpan.FromHours(1));

        Assert.Empty(Told());
    }

    [Fact]
    public void Part_that_stays_degraded_is_told_once_though_its_text_changes()
    {
        _board.Report("capture", PartState.Degraded, "12 packets dropped");
        LookAfter(TimeSpan.Zero);
        _clock.Advance(HealthEvents.DegradedAfter);
        _board.Report("capture", PartState.Degraded, "13 packets dropped");

        LookAfter(TimeSpan.Zero);
        LookAfter(TimeSpan.FromHours(1));

        Assert.Equal((EventSeverity.Warning, "capture", "13 packets dropped"), Assert.Single(Told()));
    }

    [Fact]
    public void Part_that_fails_is_told_sooner_and_its_recovery_too()
    {
        _board.Report("audit", PartState.Failed, "disk full");
        LookAfter(HealthEvents.FailedAfter);
        _board.Report("audit", PartState.Healthy, "written");

        LookAfter(TimeSpan.Zero);

        Assert.Equal([(EventSeverity.Error, "audit", "disk full"), (EventSeverity.Info, "audit", "recovered: written")], Told());
    }

    public void Dispose() => _watch.Dispose();

    private void LookAfter(TimeSpan time)
    {
        _clock.Advance(time);
        _watch.Look();
    }

    private IEnumerable<(EventSeverity Severity, string Part, string Text)> Told() => _events.After("", 0).Events.Select(one => (one.Severity, one.Part, one.Text));
}
