using System.Diagnostics.Metrics;
using Appliance.Bmc.Board;
using Appliance.Hosting;

namespace Appliance.Bmc.Recovery;

/// <summary>Steps that were taken, and slots that are set aside.</summary>
internal sealed class RecoveryMetrics
{
    private readonly Counter<long> _steps;

    public RecoveryMetrics(IMeterFactory meters, RunningRole running, RecoveryJournal journal)
    {
        var meter = meters.Create(running.MeterName);
        _steps = meter.CreateCounter<long>("appliance.recovery.steps", "{step}", "Steps that recovery has taken, by kind.");
        meter.CreateObservableGauge(
            "appliance.recovery.quarantined",
            () => SlotNumber.All.Count(slot => journal.Of(slot).Quarantine is not null),
            "{slot}",
            "Slots that recovery has set aside.");
    }

    public void Count(Rung rung) => _steps.Add(1, new KeyValuePair<string, object?>("kind", RungWords.Of(rung)));
}
