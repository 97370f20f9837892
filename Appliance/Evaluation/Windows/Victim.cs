using Appliance.Router;
using Appliance.Router.Capture;
using Appliance.Router.Flows;

namespace Appliance.Evaluation.Windows;

/// <summary>Finds whom most packets of an attack go to, for attacks whose senders are forged.</summary>
internal sealed class Victim(TimeWindow window) : IFlowRecordSink, IFlowEventSink
{
    private readonly Dictionary<UInt128, long> _packets = [];

    public static UInt128? Find(string path, TimeWindow window)
    {
        var victim = new Victim(window);
        var packets = new PacketPath(new FlowOptions(), victim, victim);
        using var capture = new CaptureFile(path);
        packets.Run(capture, CancellationToken.None);
        packets.Finish();
        return victim._packets.Count == 0 ? null : victim._packets.MaxBy(pair => pair.Value).Key;
    }

    public void Accept(in Flow flow)
    {
        if (flow.StartTime >= window.Start && flow.StartTime <= window.End)
        {
            _packets[flow.Key.Destination] = _packets.GetValueOrDefault(flow.Key.Destination) + flow.PacketsOut;
        }
    }

    public void Accept(in FlowEvent flowEvent)
    {
        // Whole flows say enough.
    }
}
