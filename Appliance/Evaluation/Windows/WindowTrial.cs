using Appliance.Analysis;
using Appliance.Detector;
using Appliance.Router;
using Appliance.Router.Capture;
using Appliance.Router.Flows;

namespace Appliance.Evaluation.Windows;

/// <summary>Runs packets through the product and the baselines and scores every window of it.</summary>
internal static class WindowTrial
{
    public static WindowScores Run(IPacketSource source, CancellationToken token)
    {
        WindowSink? sink = null;
        var detectors = new DetectionPath(new DetectionSettings(), alert => sink!.Accept(alert));
        sink = new WindowSink(new EventBridge(detectors));
        var packets = new PacketPath(new FlowOptions(), sink, null);
        packets.Run(source, token);
        token.ThrowIfCancellationRequested();
        packets.Finish();
        detectors.Finish();
        return sink.Scores;
    }
}
