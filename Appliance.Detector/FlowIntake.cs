using Appliance.Detector.Alerts;
using Appliance.Detector.Flows;
using Microsoft.Data.Sqlite;

namespace Appliance.Detector;

/// <summary>Takes batches of flow events through the detection path and puts what it finds on disk, with the place it came from.</summary>
/// <remarks>Alerts and place are one transaction: killed at any moment, the Detector goes on where its last alert came from.</remarks>
internal sealed class FlowIntake
{
    // Without alerts the place is written this seldom: each commit is a flush of the medium.
    private static readonly TimeSpan PlaceInterval = TimeSpan.FromSeconds(10);

    private readonly AlertStore _store;
    private readonly IntakeReport _report;
    private readonly TimeProvider _clock;
    private readonly DetectionPath _path;
    private readonly FlowTrail _trail = new();

    // Only the last revision of an alert is worth a write, so this holds each open alert once at most.
    private readonly Dictionary<string, Alert> _unsaved = new(StringComparer.Ordinal);
    private long _saveTime;

    public FlowIntake(DetectionSettings settings, AlertStore store, IntakeReport report, TimeProvider clock)
    {
        (_store, _report, _clock) = (store, report, clock);
        _path = new DetectionPath(settings, alert => _unsaved[alert.Id] = alert);
        _path.Restore(store.ReadFreshest(settings.Alerts.OpenAlerts));
        _saveTime = clock.GetTimestamp();
        if (store.Place is { } place)
        {
            _trail.Resume(place);
        }
    }

    /// <summary>Where to go on reading; null before anything was ever read.</summary>
    public FlowCursor? Cursor => _trail.Current;

    public void Take(FlowBatch batch)
    {
        _path.IsRepeating = _trail.IsRepeated(batch);

        // First, so that a batch that makes a detector fail is not asked for again and again.
        var missed = _trail.Follow(batch);
        foreach (var flowEvent in batch.Events)
        {
            _path.Observe(flowEvent);
        }

        if (batch.ClockTime > 0)
        {
            _path.AdvanceTo(batch.ClockTime);
        }

        _report.Progress(_path, missed, Clock.At(batch.Time));
        if (_unsaved.Count > 0 || _clock.GetElapsedTime(_saveTime) >= PlaceInterval)
        {
            Save();
        }
    }

    /// <summary>The program ends: growth that waits for its second is told now.</summary>
    public void Close()
    {
        _path.Flush();
        Save();
    }

    private void Save()
    {
        try
        {
            var raised = _store.Save([.. _unsaved.Values], _trail.Place);
            _saveTime = _clock.GetTimestamp();
            _unsaved.Clear();
            _report.Saved(raised);
        }
        catch (SqliteException error)
        {
            // They wait in memory until the medium takes them again.
            _report.Unsaved(_unsaved.Count, error);
        }
    }
}
