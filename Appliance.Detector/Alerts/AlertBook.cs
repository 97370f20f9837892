using Appliance.Detector.Detectors;
using Appliance.Detector.Flows;

namespace Appliance.Detector.Alerts;

/// <summary>Makes alerts of findings: one alert a culprit and service, growing while the evidence is fresh.</summary>
/// <remarks>
/// Everything runs on the capture's clock. An alert is handed over when it is raised, at once when its severity rises or its
/// source proves genuine, and otherwise when it has grown and a second has passed (<see cref="AlertOptions.RevisionInterval"/>).
/// </remarks>
public sealed class AlertBook
{
    // Thousands of sources that go on scanning are told of in turn: each revision is a write and a message to every watcher.
    private const int GrowthPerSecond = 200;
    private const long Second = 1_000_000_000;

    private readonly BoundedTable<AlertKey, OpenAlert> _open;
    private readonly Queue<OpenAlert> _grown = [];
    private readonly Action<Alert> _onAlert;
    private readonly long _openTime;
    private readonly long _interval;
    private long _growthSecond;
    private int _growthTold;

    public AlertBook(AlertOptions options, Action<Alert> onAlert)
    {
        _open = new BoundedTable<AlertKey, OpenAlert>(options.OpenAlerts);
        _onAlert = onAlert;
        _openTime = Clock.Nanoseconds(options.OpenTime);
        _interval = Clock.Nanoseconds(options.RevisionInterval);
    }

    /// <summary>Set while events come that were looked at before a restart: what a restored alert has counted counts no more.</summary>
    public bool IsRepeating { get; set; }

    public long FindingsCount { get; private set; }

    public long RaisedCount { get; private set; }

    /// <summary>Takes up alerts of before a restart, so that their evidence goes on under the same id.</summary>
    public void Restore(IEnumerable<Alert> alerts)
    {
        foreach (var alert in alerts)
        {
            var key = new AlertKey(alert.Category, alert.Source, alert.Service);
            _open.Touch(key, out _) = new OpenAlert(key, alert);
        }
    }

    public void Report(in Finding finding, ReadOnlySpan<UInt128> destinations, ReadOnlySpan<Reason> reasons)
    {
        FindingsCount++;
        var key = new AlertKey(finding.Category, finding.Source, finding.Service);
        ref var open = ref _open.Touch(key, out var isNew);
        // Either way: a capture's clock may lie before that of the capture played last.
        if (isNew || Math.Abs(finding.Time - open.LastTime) > _openTime)
        {
            open = new OpenAlert(key, finding);
            RaisedCount++;
        }
        else if (IsRepeating && finding.Time <= open.CountedUntil && finding.Severity <= open.Severity)
        {
            return;
        }

        var alert = open;
        if (alert.Add(finding, destinations, reasons))
        {
            Tell(alert, finding.Time);
        }
        else if (!alert.IsWaiting)
        {
            alert.IsWaiting = true;
            _grown.Enqueue(alert);
        }

        AdvanceTo(finding.Time);
    }

    /// <summary>Hands over what has grown and waited long enough.</summary>
    public void AdvanceTo(long time)
    {
        if (time / Second != _growthSecond)
        {
            (_growthSecond, _growthTold) = (time / Second, 0);
        }

        while (_grown.TryPeek(out var alert) && (!alert.IsWaiting || (time - alert.ToldTime >= _interval && _growthTold < GrowthPerSecond)))
        {
            _grown.Dequeue();
            if (alert.IsWaiting)
            {
                _growthTold++;
                Tell(alert, time);
            }
        }
    }

    /// <summary>Hands over all that has grown: the end of the capture, or of the program.</summary>
    public void Flush()
    {
        while (_grown.TryDequeue(out var alert))
        {
            if (alert.IsWaiting)
            {
                Tell(alert, alert.LastTime);
            }
        }
    }

    private void Tell(OpenAlert alert, long time)
    {
        alert.IsWaiting = false;
        alert.ToldTime = time;
        _onAlert(alert.ToAlert());
    }
}
