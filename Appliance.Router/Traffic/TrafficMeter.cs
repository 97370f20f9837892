using System.Diagnostics.Metrics;
using Appliance.Hosting;
using Appliance.Router.Decoding;

namespace Appliance.Router.Traffic;

/// <summary>What the packet's path counts, as metrics.</summary>
internal sealed class TrafficMeter
{
    private readonly Counter<long> _missed;
    private readonly Counter<long> _cutOff;

    public TrafficMeter(IMeterFactory meters, RunningRole running, PacketPaths paths, CaptureRun run, FlowEventRing ring)
    {
        var meter = meters.Create(running.MeterName);
        meter.CreateObservableCounter("appliance.router.packets", () => paths.Totals.Packets, "{packet}", "Packets that the Router has read.");
        meter.CreateObservableCounter("appliance.router.bytes", () => paths.Totals.Bytes, "By", "Their bytes, by the original length.");
        meter.CreateObservableCounter("appliance.router.undecoded_packets", () => paths.Totals.UndecodedPackets, "{packet}", "Packets that no decoder could read.");
        meter.CreateObservableCounter("appliance.router.dropped_packets", () => run.DroppedCount, "{packet}", "Packets that the kernel dropped before the Router could read them.");
        meter.CreateObservableCounter("appliance.router.flows", () => paths.Totals.Flows, "{flow}", "Flows begun.");
        meter.CreateObservableGauge("appliance.router.active_flows", () => paths.Totals.ActiveFlows, "{flow}", "Flows in the table.");
        meter.CreateObservableCounter("appliance.router.evicted_flows", () => paths.Totals.EvictedFlows, "{flow}", "Flows given up since the table was full.");
        meter.CreateObservableCounter("appliance.router.untracked_logins", () => paths.Totals.UntrackedLogins, "{flow}", "Flows whose log-ins could not be followed.");
        meter.CreateObservableCounter("appliance.router.unread_facts", () => paths.Totals.UnreadFacts, "{message}", "Messages that were not read for facts, since there were too many.");
        meter.CreateObservableCounter("appliance.router.evicted_first_bytes", () => paths.Totals.EvictedFirstBytes, "{flow}", "Flows of which it was forgotten what they said, since there were too many.");
        meter.CreateObservableCounter("appliance.router.lost_datagrams", () => Losses(paths.Totals.LostDatagrams), "{datagram}", "Fragmented datagrams that were begun and not put together.");
        meter.CreateObservableCounter("appliance.router.flow_events", () => ring.LastSequence, "{event}", "Flow events told.");
        meter.CreateObservableCounter("appliance.router.left_out_texts", () => ring.LeftOutTextsCount, "{event}", "Facts that were not told, and flows without what they have said, since the texts held took all their room.");
        AddInterfaces(meter, run);
        _missed = meter.CreateCounter<long>("appliance.router.missed_flow_events", "{event}", "Flow events that readers came too late for.");
        _cutOff = meter.CreateCounter<long>("appliance.router.cut_off_readers", "{reader}", "Readers that were cut off since they took nothing.");
    }

    private static Measurement<long>[] Losses(FragmentLosses lost) =>
    [
        new(lost.Overlapping, new KeyValuePair<string, object?>("reason", "overlapping")),
        new(lost.Malformed, new KeyValuePair<string, object?>("reason", "malformed")),
        new(lost.Expired, new KeyValuePair<string, object?>("reason", "expired")),
        new(lost.Crowded, new KeyValuePair<string, object?>("reason", "crowded")),
    ];

    public void CutOff() => _cutOff.Add(1);

    public void Missed(long count) => _missed.Add(count);

    // There are as many of these as interfaces in the configuration.
    private static void AddInterfaces(Meter meter, CaptureRun run)
    {
        Add("read_frames", counts => counts.Read, "Frames that the Router has read from an interface.");
        Add("kernel_frames", counts => counts.Kernel, "Frames that the kernel has counted for the Router on an interface, those that it dropped among them.");
        Add("dropped_frames", counts => counts.Dropped, "Frames of an interface that the kernel dropped before the Router could read them.");

        void Add(string name, Func<FrameCounts, long> of, string description) => meter.CreateObservableCounter(
            $"appliance.router.interface.{name}",
            () => run.Interfaces.Select(watched => new Measurement<long>(of(watched.Counts), new KeyValuePair<string, object?>("interface", watched.Name))),
            "{frame}",
            description);
    }
}
