using System.Diagnostics.Metrics;
using Appliance.Hosting;

namespace Appliance.Router.Traffic;

/// <summary>Packets and bytes by kind of protocol, as metrics; five series each, whatever is on the wire.</summary>
internal sealed class ProtocolMeter
{
    private const string Label = "protocol";

    public ProtocolMeter(IMeterFactory meters, RunningRole running, TrafficRates rates)
    {
        var meter = meters.Create(running.MeterName);
        meter.CreateObservableCounter(
            "appliance.router.protocol_packets", () => Series(rates.Totals.Current.Select(total => (total.Kind, total.Packets))), "{packet}", "IP packets by kind of protocol, up to the last full second.");
        meter.CreateObservableCounter(
            "appliance.router.protocol_bytes", () => Series(rates.Totals.Current.Select(total => (total.Kind, total.Bytes))), "By", "Bytes of their frames.");
    }

    private static IEnumerable<Measurement<long>> Series(IEnumerable<(string Kind, long Count)> totals) =>
        totals.Select(total => new Measurement<long>(total.Count, new KeyValuePair<string, object?>(Label, total.Kind)));
}
