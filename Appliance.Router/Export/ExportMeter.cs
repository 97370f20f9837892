using System.Diagnostics.Metrics;
using Appliance.Hosting;

namespace Appliance.Router.Export;

/// <summary>Figures of the export for <c>/metrics</c>, by collector.</summary>
internal sealed class ExportMeter(IMeterFactory meters, RunningRole running, ExportQueue queue, CollectorSet collectors)
{
    public void Begin()
    {
        var meter = meters.Create(running.MeterName);
        meter.CreateObservableCounter("appliance.router.exported_flows", () => Each(figures => figures.FlowsCount), "{record}", "Flow records sent to a collector.");
        meter.CreateObservableCounter("appliance.router.exported_messages", () => Each(figures => figures.MessagesCount), "{message}", "IPFIX messages sent to a collector.");
        meter.CreateObservableCounter("appliance.router.exported_bytes", () => Each(figures => figures.BytesCount), "By", "Bytes of those messages.");
        meter.CreateObservableCounter("appliance.router.unexported_flows", () => Each(figures => figures.UnsentCount), "{record}", "Flow records that a collector was not sent, since it was away or too slow.");
        meter.CreateObservableCounter("appliance.router.refused_messages", () => Each(figures => figures.RefusedCount), "{message}", "Datagrams to a collector that came back.");
        meter.CreateObservableCounter("appliance.router.dropped_exports", () => queue.DroppedCount, "{flow}", "Ended flows that no collector was sent, since the export came too late for them.");
    }

    private IEnumerable<Measurement<long>> Each(Func<ExportFigures, long> figure) =>
        collectors.Sessions.Select(session => new Measurement<long>(figure(session.Figures), new KeyValuePair<string, object?>("collector", session.Name)));
}
