using Appliance.Detector.Detectors;
using Appliance.Router.Decoding;
using Appliance.Router.Flows;

namespace Appliance.Evaluation;

/// <summary>The default thresholds of Zeek's scripts, over our flow events.</summary>
/// <remarks>
/// misc/scan: 25 hosts on one port, or 15 ports of one host, by failed TCP contacts in 5 min; ssh/detect-bruteforcing: 30 failures
/// in 30 min; ftp/detect-bruteforcing: 20 failures in 15 min. A contact without answer fails after 5 s (Zeek's tcp_attempt_delay).
/// </remarks>
internal sealed class ZeekBaseline : IBaseline
{
    private const byte Tcp = 6;
    private const long Second = 1_000_000_000;
    private const long AttemptDelay = 5 * Second;

    private readonly DistinctInWindow<(UInt128 Source, ushort Port), UInt128> _hosts = new(25, 300 * Second);
    private readonly DistinctInWindow<(UInt128 Source, UInt128 Host), ushort> _ports = new(15, 300 * Second);
    private readonly DistinctInWindow<UInt128, long> _ssh = new(30, 1800 * Second);
    private readonly DistinctInWindow<UInt128, long> _ftp = new(20, 900 * Second);
    private readonly HashSet<(UInt128 Source, Category Category)> _alarmed = [];
    private readonly List<Alarm> _alarms = [];
    private long _failures;

    public IReadOnlyList<Alarm> Alarms => _alarms;

    public void Observe(in FlowEvent flowEvent, in Gain gain)
    {
        var flow = flowEvent.Flow;
        if (flowEvent.Kind == FlowEventKind.Neighbor || flow.Key.Protocol != Tcp || flow.IsMidstream)
        {
            return;
        }

        if (IsFailure(flowEvent))
        {
            Fail(flow.Key, flowEvent.Kind == FlowEventKind.Refused ? flowEvent.Time : flow.StartTime + AttemptDelay);
        }

        for (var i = 0; i < gain.LoginFailures; i++)
        {
            Guess(flow, flowEvent.Time);
        }
    }

    /// <summary>A contact that was refused or never answered.</summary>
    public static bool IsFailure(in FlowEvent flowEvent) => flowEvent.Kind == FlowEventKind.Refused
        || (flowEvent.Kind == FlowEventKind.Ended && flowEvent.Flow.State == FlowState.Unanswered);

    /// <summary>Whether the source has been called already.</summary>
    public bool IsAlarmed(UInt128 source) => _alarmed.Contains((source, Category.Scan)) || _alarmed.Contains((source, Category.BruteForce));

    private void Fail(in FlowKey key, long time)
    {
        // Both are told, whichever comes first.
        var isFull = _hosts.Add((key.Source, key.DestinationPort), key.Destination, time) | _ports.Add((key.Source, key.Destination), key.DestinationPort, time);
        if (isFull)
        {
            Raise(key.Source, Category.Scan, time);
        }
    }

    private void Guess(in Flow flow, long time)
    {
        var failures = flow.Application switch
        {
            ApplicationKind.Ssh => _ssh,
            ApplicationKind.Ftp => _ftp,
            _ => null,
        };
        if (failures?.Add(flow.Key.Source, _failures++, time) == true)
        {
            Raise(flow.Key.Source, Category.BruteForce, time);
        }
    }

    private void Raise(UInt128 source, Category category, long time)
    {
        if (_alarmed.Add((source, category)))
        {
            _alarms.Add(new Alarm($"{category} {source:x}", time, category, Severity.Medium));
        }
    }
}
