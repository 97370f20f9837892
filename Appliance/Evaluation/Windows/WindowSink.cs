using Appliance.Detector.Alerts;
using Appliance.Detector.Detectors;
using Appliance.Router.Flows;

namespace Appliance.Evaluation.Windows;

/// <summary>Scores ten-second windows of hosts, for the product and for the baselines, over the same flow events.</summary>
internal sealed class WindowSink(IFlowEventSink product) : IFlowEventSink
{
    // A flow that fell silent for long is told of late; what it gained is spread over no more than this.
    private const int MostWindows = 60;

    private readonly FlowGains _gains = new();
    private readonly KnownPeers _peers = new();
    private readonly ZeekBaseline _zeek = new();
    private readonly Dictionary<ulong, UInt128> _addresses = [];

    public WindowScores Scores { get; } = new();

    public void Accept(in FlowEvent flowEvent)
    {
        Remember(flowEvent);
        product.Accept(flowEvent);
        if (flowEvent.Kind == FlowEventKind.Neighbor)
        {
            Scores[Window(flowEvent.Neighbor.Sender, flowEvent.Time)].PacketsSent++;
            return;
        }

        var gain = _gains.Measure(flowEvent);
        CountPackets(flowEvent.Flow, gain);
        if (_peers.IsNew(flowEvent))
        {
            Scores[Window(flowEvent.Flow.Key.Source, flowEvent.Time)].NewDestinations++;
        }

        _zeek.Observe(flowEvent, gain);
        if (_zeek.IsAlarmed(flowEvent.Flow.Key.Source) && (gain.LoginFailures > 0 || ZeekBaseline.IsFailure(flowEvent)))
        {
            Scores[Window(flowEvent.Flow.Key.Source, flowEvent.Time)].Zeek = 1;
        }
    }

    /// <summary>Takes a new revision of an alert: it counts for its source and, for a flood, for whom it hits.</summary>
    public void Accept(Alert alert)
    {
        var time = (alert.Evidence.Last - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        var score = (int)alert.Severity + Math.Min(alert.Confidence, 0.999);
        if (!alert.Source.IsMac)
        {
            Raise(alert.Source.Value, time, score);
        }
        else if (_addresses.TryGetValue((ulong)alert.Source.Value, out var address))
        {
            Raise(address, time, score);
        }

        if (alert.Category != Category.Flood)
        {
            return;
        }

        foreach (var destination in alert.Destinations)
        {
            if (HostText.TryParse(destination, out var host))
            {
                Raise(host, time, score);
            }
        }
    }

    private static HostWindow Window(UInt128 host, long time) => new(host, HostWindow.IndexOf(time));

    private void Raise(UInt128 host, long time, double value)
    {
        ref var score = ref Scores[Window(host, time)];
        score.Product = Math.Max(score.Product, value);
    }

    private void Remember(in FlowEvent flowEvent)
    {
        var (mac, address) = flowEvent.Kind == FlowEventKind.Neighbor
            ? (flowEvent.Neighbor.SenderMac, flowEvent.Neighbor.Sender)
            : (flowEvent.Flow.SourceMac, flowEvent.Flow.Key.Source);
        _addresses[mac.Value] = address;
    }

    private void CountPackets(in Flow flow, in Gain gain)
    {
        var last = HostWindow.IndexOf(flow.EndTime);
        var first = Math.Max(HostWindow.IndexOf(flow.EndTime - gain.Nanoseconds), last - MostWindows + 1);
        double share = last - first + 1;
        for (var index = first; index <= last && gain.PacketsOut + gain.PacketsIn > 0; index++)
        {
            ref var source = ref Scores[new HostWindow(flow.Key.Source, index)];
            source.PacketsSent += gain.PacketsOut / share;
            source.PacketsReceived += gain.PacketsIn / share;
            ref var destination = ref Scores[new HostWindow(flow.Key.Destination, index)];
            destination.PacketsReceived += gain.PacketsOut / share;
            destination.PacketsSent += gain.PacketsIn / share;
        }
    }
}
