using Appliance.Detector;
using Appliance.Detector.Alerts;
using Appliance.Router;
using Appliance.Router.Capture;
using Appliance.Router.Flows;

namespace Appliance.Analysis;

/// <summary>Steps 1 to 7 of a packet's life over one capture, in this thread, on the capture's own clock.</summary>
internal sealed class CaptureAnalysis(TimeProvider clock)
{
    private readonly Dictionary<string, Alert> _alerts = [];
    private readonly List<string> _order = [];

    /// <summary>The newest revision of each alert, in the order in which they were raised.</summary>
    public IEnumerable<Alert> Alerts => _order.Select(id => _alerts[id]);

    /// <param name="path">The capture, pcap or pcapng.</param>
    /// <param name="records">Takes each flow when it is over; null when nobody asks.</param>
    /// <param name="started">Is told the path that totals can be read from while it runs.</param>
    /// <param name="token">Ends the analysis early.</param>
    public AnalysisSummary Run(string path, IFlowRecordSink? records, Action<PacketPath> started, CancellationToken token)
    {
        var begin = clock.GetTimestamp();
        var detectors = new DetectionPath(new DetectionSettings(), Keep);

        // Without a sink no facts are read, and flows carry no first bytes: no detector and no column of the flows' file asks for any.
        var packets = new PacketPath(new FlowOptions(), new EventBridge(detectors), records);
        using var capture = new CaptureFile(path);
        started(packets);
        packets.Run(capture, token);
        packets.Finish();
        detectors.Finish();
        var totals = packets.Totals;
        return new AnalysisSummary(totals.Packets, totals.Bytes, totals.Flows, _order.Count, clock.GetElapsedTime(begin).TotalSeconds, capture.Fault?.Text);
    }

    private void Keep(Alert alert)
    {
        if (_alerts.TryAdd(alert.Id, alert))
        {
            _order.Add(alert.Id);
            return;
        }

        _alerts[alert.Id] = alert;
    }
}
