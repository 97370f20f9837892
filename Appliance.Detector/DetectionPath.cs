using Appliance.Detector.Alerts;
using Appliance.Detector.Detectors;
using Appliance.Detector.Detectors.BruteForce;
using Appliance.Detector.Detectors.Floods;
using Appliance.Detector.Detectors.Scans;
using Appliance.Detector.Flows;

namespace Appliance.Detector;

/// <summary>Flow events in, alerts out, on the capture's clock. Read this first.</summary>
/// <remarks>
/// Single-threaded. Every detector sees every event once, in constant time and with bounded state, and allocates nothing
/// for an event that changes no alert. Time never goes back: an event out of order counts as happening now.
/// </remarks>
public sealed class DetectionPath
{
    // Flows that are updated are the long ones; 65 536 of them are a busy site.
    private const int RememberedFlows = 65_536;

    private readonly FlowMemory _memory = new(RememberedFlows);
    private readonly AlertBook _book;
    private readonly IFlowDetector[] _detectors;
    private long _now = long.MinValue;

    /// <param name="settings">Thresholds and bounds.</param>
    /// <param name="onAlert">Gets each alert when it is raised and when it has changed.</param>
    public DetectionPath(DetectionSettings settings, Action<Alert> onAlert)
    {
        _book = new AlertBook(settings.Alerts, onAlert);
        FindingReport report = _book.Report;

        // The order in which evidence of one event is told: what is likelier to be the cause comes first.
        _detectors =
        [
            new FloodDetector(settings.Floods, report),
            new ScanDetector(settings.Scans, report),
            new FlagProbeDetector(settings.Scans, report),
            new ArpSweepDetector(settings.Scans, report),
            new BruteForceDetector(settings.BruteForce, report),
        ];
    }

    /// <summary>The capture's clock.</summary>
    public long Now => _now;

    /// <summary>Set while events come that were looked at before a restart.</summary>
    public bool IsRepeating
    {
        get => _book.IsRepeating;
        set => _book.IsRepeating = value;
    }

    public long EventsCount { get; private set; }

    public long FindingsCount => _book.FindingsCount;

    public long RaisedCount => _book.RaisedCount;

    /// <summary>States that full tables forgot, over all detectors.</summary>
    public long EvictedCount => _memory.Evicted + _detectors.Sum(detector => detector.Evicted);

    /// <summary>Goes on with alerts of before a restart, under their ids.</summary>
    public void Restore(IEnumerable<Alert> open) => _book.Restore(open);

    public void Observe(in FlowEvent flowEvent)
    {
        if (flowEvent.Time < _now)
        {
            ObserveInOrder(flowEvent with { Time = _now });
            return;
        }

        ObserveInOrder(flowEvent);
    }

    /// <summary>No event before this time is still to come.</summary>
    public void AdvanceTo(long timeNanoseconds)
    {
        if (timeNanoseconds <= _now)
        {
            return;
        }

        _now = timeNanoseconds;
        foreach (var detector in _detectors)
        {
            detector.AdvanceTo(_now);
        }

        _book.AdvanceTo(_now);
    }

    /// <summary>The capture is over: what is pending is judged, and what has grown is told.</summary>
    public void Finish()
    {
        foreach (var detector in _detectors)
        {
            detector.Finish();
        }

        _book.Flush();
    }

    /// <summary>Tells what has grown; what is pending stays pending.</summary>
    public void Flush() => _book.Flush();

    private void ObserveInOrder(in FlowEvent flowEvent)
    {
        AdvanceTo(flowEvent.Time);
        EventsCount++;
        var growth = _memory.Measure(flowEvent);
        foreach (var detector in _detectors)
        {
            detector.Observe(flowEvent, growth);
        }
    }
}
