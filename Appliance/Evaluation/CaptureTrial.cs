using Appliance.Analysis;
using Appliance.Detector;
using Appliance.Detector.Alerts;
using Appliance.Router;
using Appliance.Router.Capture;
using Appliance.Router.Flows;

namespace Appliance.Evaluation;

/// <summary>Runs one capture through the product and, over the same flow events, through the baselines.</summary>
internal sealed class CaptureTrial
{
    private readonly RateBaseline _rate = new();
    private readonly NewDestinationBaseline _newDestination = new();
    private readonly ZeekBaseline _zeek = new();
    private readonly List<Alarm> _alarms = [];
    private readonly DetectionPath _detectors;

    public CaptureTrial() => _detectors = new DetectionPath(new DetectionSettings(), Keep);

    /// <summary>Why the capture could not be read to its end; null when it could.</summary>
    public string? Fault { get; private set; }

    /// <summary>What it took to call the attack; null when nothing did.</summary>
    public Detection? Detection { get; private set; }

    public CaptureVerdict Run(ManifestEntry entry, CancellationToken token)
    {
        var firstPacket = FirstPacketTime(entry.Path);
        var packets = new PacketPath(new FlowOptions(), new BaselineSink(new EventBridge(_detectors), [_rate, _newDestination, _zeek]), null);
        using var capture = new CaptureFile(entry.Path);
        packets.Run(capture, token);
        token.ThrowIfCancellationRequested();
        packets.Finish();
        _detectors.Finish();
        Fault = capture.Fault?.Text;
        return Judged(entry, firstPacket);
    }

    private CaptureVerdict Judged(ManifestEntry entry, long firstPacket)
    {
        var verdict = Judge.Decide(entry, firstPacket, _alarms);
        if (Judge.FirstHit(entry, entry.Window?.Start ?? firstPacket, _alarms) is { } hit)
        {
            Detection = new Detection(hit.Category, verdict.TimeToDetectSeconds.GetValueOrDefault(), hit.Events);
        }

        var baselines = new BaselineVerdicts(
            Judge.Decide(entry, firstPacket, _rate.Alarms),
            Judge.Decide(entry, firstPacket, _newDestination.Alarms),
            Judge.Decide(entry, firstPacket, _zeek.Alarms));
        return new CaptureVerdict(
            entry.File, entry.Expectation.Text, verdict.Detected, verdict.Category, verdict.TimeToDetectSeconds, verdict.FalseAlarms, baselines);
    }

    // Every revision: an alert may reach the severity that counts long after it was raised.
    private void Keep(Alert alert) => _alarms.Add(new Alarm(alert.Id, _detectors.Now, alert.Category, alert.Severity, alert.Evidence.Events));

    private static long FirstPacketTime(string path)
    {
        using var capture = new CaptureFile(path);
        return capture.Read(out var frame) == ReadOutcome.Frame ? frame.Time : 0;
    }
}
