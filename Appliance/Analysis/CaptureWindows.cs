using Appliance.Detector.Detectors.Scans;
using Appliance.Detector.Features;
using Appliance.Detector.Flows;
using Appliance.Router;
using Appliance.Router.Capture;
using Appliance.Router.Flows;
using FlowEvent = Appliance.Router.Flows.FlowEvent;

namespace Appliance.Analysis;

/// <summary>The device windows of one capture, on the capture's own clock.</summary>
internal static class CaptureWindows
{
    // As many as the detection path remembers.
    private const int RememberedFlows = 65_536;

    /// <summary>All windows up to the end or the fault, by ascending start; the last ones may be shorter than the rest.</summary>
    /// <param name="path">The capture, pcap or pcapng.</param>
    /// <param name="fault">Why it could not be read to its end; null when it could.</param>
    /// <param name="token">Ends it early.</param>
    public static IReadOnlyList<DeviceWindow> Read(string path, out string? fault, CancellationToken token)
    {
        var sink = new Sink();
        var packets = new PacketPath(new FlowOptions(), sink, null);
        using var capture = new CaptureFile(path);
        packets.Run(capture, token);
        token.ThrowIfCancellationRequested();
        packets.Finish();
        fault = capture.Fault?.Text;
        return sink.Finish();
    }

    private sealed class Sink : IFlowEventSink
    {
        private readonly List<DeviceWindow> _windows = [];
        private readonly FlowMemory _memory = new(RememberedFlows);
        private readonly WindowBuilder _builder;

        public Sink() => _builder = new WindowBuilder(new ScanOptions().LocalNetworks, _windows.Add);

        public void Accept(in FlowEvent flowEvent)
        {
            var told = EventBridge.Map(flowEvent);
            _builder.Observe(told, _memory.Measure(told));
        }

        public List<DeviceWindow> Finish()
        {
            _builder.Finish();
            return _windows;
        }
    }
}
