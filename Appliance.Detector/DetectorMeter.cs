using System.Diagnostics.Metrics;
using Appliance.Detector.Alerts;
using Appliance.Detector.Detectors;
using Appliance.Hosting;

namespace Appliance.Detector;

/// <summary>What the Detector counts.</summary>
internal sealed class DetectorMeter
{
    private readonly Counter<long> _events;
    private readonly Counter<long> _missed;
    private readonly Counter<long> _findings;
    private readonly Counter<long> _alerts;
    private readonly Counter<long> _forgotten;
    private readonly Gauge<double> _lag;

    public DetectorMeter(IMeterFactory meters, RunningRole running)
    {
        var meter = meters.Create(running.MeterName);
        _events = meter.CreateCounter<long>("appliance.detector.events", "{event}", "Flow events looked at.");
        _missed = meter.CreateCounter<long>("appliance.detector.missed_events", "{event}", "Flow events that the Router no longer held.");
        _findings = meter.CreateCounter<long>("appliance.detector.findings", "{finding}", "Conclusions of all detectors, before they become alerts.");
        _alerts = meter.CreateCounter<long>("appliance.detector.alerts", "{alert}", "Alerts raised, by category and severity at that time.");
        _forgotten = meter.CreateCounter<long>("appliance.detector.forgotten_states", "{state}", "States that full tables forgot.");
        _lag = meter.CreateGauge<double>("appliance.detector.lag", "s", "How far the capture's clock is behind the wall clock.");
    }

    public void Progress(long events, ulong missed, long findings, long forgotten)
    {
        _events.Add(events);
        _missed.Add((long)missed);
        _findings.Add(findings);
        _forgotten.Add(forgotten);
    }

    public void Raised(Alert alert) => _alerts.Add(
        1,
        new KeyValuePair<string, object?>("category", alert.Category.ToWord()),
        new KeyValuePair<string, object?>("severity", alert.Severity.ToWord()));

    public void Lag(TimeSpan lag) => _lag.Record(lag.TotalSeconds);
}
