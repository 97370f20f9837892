using System.Diagnostics.Metrics;
using Appliance.Hosting;

namespace Appliance.Detector.Inference;

/// <summary>What callers had scored.</summary>
internal sealed class InferenceMeter
{
    private readonly Counter<long> _scored;
    private readonly Counter<long> _rejected;

    public InferenceMeter(IMeterFactory meters, RunningRole running)
    {
        var meter = meters.Create(running.MeterName);
        _scored = meter.CreateCounter<long>("appliance.detector.scored_windows", "{window}", "Device windows scored for callers, by service.");
        _rejected = meter.CreateCounter<long>("appliance.detector.rejected_windows", "{window}", "Device windows of callers that could not be scored.");
    }

    public void Scored(string service, int windows) => _scored.Add(windows, new KeyValuePair<string, object?>("service", service));

    public void Rejected(int windows) => _rejected.Add(windows);
}
