using System.Diagnostics.Metrics;
using Appliance.Detector.Alerts;
using Appliance.Detector.Detectors;
using Appliance.Detector.Flows;
using Appliance.Hosting;
using Appliance.Hosting.Health;
using Appliance.Tests.Shared;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Detector.Tests;

public sealed class FlowIntakeTests : IDisposable
{
    private const long Second = Findings.Second;

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly HealthBoard _board;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private AlertFile _file;
    private AlertStore _store;

    public FlowIntakeTests()
    {
        _board = new HealthBoard(_clock);
        (_file, _store) = Open();
    }

    public void Dispose()
    {
        _file.Dispose();
        _services.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Scan_in_a_batch_is_on_disk_with_its_place()
    {
        var intake = NewIntake();
        intake.Take(Batch(1, Probes(0, 5)));

        Assert.Equal(Category.Scan, Assert.Single(_store.ReadAfter(0, 10)).Category);
        Assert.Equal(10UL, _store.Place?.SeenSequence);
    }

    [Fact]
    public void Place_is_written_without_alerts_every_ten_seconds()
    {
        var intake = NewIntake();
        intake.Take(Batch(1, Probes(0, 1)));
        Assert.Null(_store.Place);
        _clock.Advance(TimeSpan.FromSeconds(11));
        intake.Take(Batch(3, Probes(1, 1)));

        Assert.Equal(4UL, _store.Place?.SeenSequence);
    }

    [Fact]
    public void Killed_in_the_middle_of_a_scan_it_goes_on_and_finds_it()
    {
        var before = NewIntake();
        before.Take(Batch(1, Probes(0, 3)));
        _clock.Advance(TimeSpan.FromSeconds(11));
        before.Take(Batch(7, []));

        Restart();
        var after = NewIntake();
        // The Router sends again from the place on.
        var from = (int)(after.Cursor!.Sequence / 2);
        after.Take(Batch((ulong)(from * 2) + 1, Probes(from, 5 - from)));

        Assert.Single(_store.ReadAfter(0, 10));
    }

    [Fact]
    public void Killed_after_an_alert_it_repeats_nothing_under_another_id()
    {
        NewIntake().Take(Batch(1, Probes(0, 8)));
        var raised = Assert.Single(_store.ReadAfter(0, 10));

        Restart();
        NewIntake().Take(Batch(1, Probes(0, 8)));
        NewIntake().Close();

        var after = Assert.Single(_store.ReadAfter(0, 10));
        Assert.Equal((raised.Id, raised.Evidence.Events), (after.Id, after.Evidence.Events));
    }

    [Fact]
    public void Events_that_the_router_no_longer_holds_are_counted()
    {
        using var missed = Collect("appliance.detector.missed_events");
        var intake = NewIntake();
        intake.Take(Batch(1, Probes(0, 1)));
        intake.Take(Batch(103, Probes(1, 1)) with { Missed = 100 });

        Assert.Equal(100, missed.Total);
    }

    [Fact]
    public void Alerts_are_counted_by_category_once_each()
    {
        using var alerts = Collect("appliance.detector.alerts");
        var intake = NewIntake();
        intake.Take(Batch(1, Probes(0, 5)));
        intake.Take(Batch(11, Probes(5, 50)));
        intake.Close();

        Assert.Equal(["scan medium"], alerts.Tags);
    }

    [Fact]
    public void Alerts_that_cannot_be_written_wait_and_health_says_so()
    {
        var intake = NewIntake();
        Run("ALTER TABLE alerts RENAME TO away");
        intake.Take(Batch(1, Probes(0, 5)));
        Assert.Equal(PartState.Failed, Assert.Single(_board.Snapshot).State);

        Run("ALTER TABLE away RENAME TO alerts");
        intake.Take(Batch(11, []));

        Assert.Single(_store.ReadAfter(0, 10));
        Assert.Equal(PartState.Healthy, Assert.Single(_board.Snapshot).State);
    }

    [Fact]
    public void Growth_that_waits_is_written_when_the_program_ends()
    {
        var intake = NewIntake();
        intake.Take(Batch(1, Probes(0, 12)));
        Assert.Equal(5, Assert.Single(_store.ReadAfter(0, 10)).Evidence.Events);
        intake.Close();

        Assert.Equal(12, Assert.Single(_store.ReadAfter(0, 10)).Evidence.Events);
    }

    [Fact]
    public void Clock_of_a_quiet_network_judges_what_is_pending()
    {
        var intake = NewIntake();
        var scene = new List<FlowEvent>();
        for (ushort port = 1; port <= 5; port++)
        {
            scene.Add(Event(FlowEventKind.Began, port, Findings.Start));
        }

        intake.Take(Batch(1, scene));
        Assert.Empty(_store.ReadAfter(0, 10));
        intake.Take(Batch(6, []) with { ClockTime = Findings.Start + (4 * Second) });

        Assert.Single(_store.ReadAfter(0, 10));
    }

    private void Restart()
    {
        _file.Dispose();
        (_file, _store) = Open();
    }

    private (AlertFile File, AlertStore Store) Open()
    {
        var file = new AlertFile(_folder.File("alerts.db"), TimeProvider.System);
        return (file, new AlertStore(file, Options.Create(new AlertOptions())));
    }

    private FlowIntake NewIntake()
    {
        var meter = new DetectorMeter(_services.GetRequiredService<IMeterFactory>(), new RunningRole(Role.Detector));
        var report = new IntakeReport(meter, _board, _clock, NullLogger<IntakeReport>.Instance);
        return new FlowIntake(new DetectionSettings(), _store, report, _clock);
    }

    private MeasuredCounter Collect(string instrument) => new(_services.GetRequiredService<IMeterFactory>(), instrument);

    private void Run(string text)
    {
        using var command = AlertFile.Command(_file.Writer, text);
        command.ExecuteNonQuery();
    }

    private static FlowBatch Batch(ulong firstSequence, List<FlowEvent> events) =>
        new(events, new FlowCursor("epoch-1", firstSequence + (ulong)events.Count - 1), 0, IsNewEpoch: false, 0);

    // Two events a probe: it began, it was refused.
    private static List<FlowEvent> Probes(int first, int count) => [.. Enumerable.Range(first, count).SelectMany(i => (FlowEvent[])
    [
        Event(FlowEventKind.Began, (ushort)(i + 1), Findings.Start + i),
        Event(FlowEventKind.Refused, (ushort)(i + 1), Findings.Start + i),
    ])];

    private static FlowEvent Event(FlowEventKind kind, ushort port, long time) => new(
        kind,
        time,
        new Flow
        {
            Key = new FlowKey(Scene.Address("192.168.1.66"), Scene.Address("192.168.1.10"), 40_000, port, 6),
            TcpFlagsOut = Scene.Syn,
            PacketsOut = 1,
            StartTime = time,
            EndTime = time,
            State = kind == FlowEventKind.Refused ? FlowState.Refused : FlowState.Unanswered,
        },
        default);
}
