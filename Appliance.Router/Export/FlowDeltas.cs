using Appliance.Router.Flows;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Export;

/// <summary>Makes of what a flow has counted so far what it has counted since it was exported last.</summary>
/// <remarks>
/// All records of a flow add up to its totals. A record after the first begins where the one before it ended, so that their times do not overlap.
/// </remarks>
internal sealed class FlowDeltas(IOptions<FlowOptions> flows, IOptions<ExportOptions> options)
{
    private readonly Dictionary<Identity, Exported> _exported = [];
    private readonly long _interval = Nanoseconds(flows.Value.ActiveInterval);
    private readonly long _longestSilence = Nanoseconds(LongestSilence(flows.Value));
    private readonly int _capacity = options.Value.FollowedFlows;
    private long _now;
    private long _nextSweep;

    /// <summary>Flows that go on and have been exported.</summary>
    public int FollowedCount => _exported.Count;

    /// <summary>True with the record that is due; a flow that goes on has one for each active interval.</summary>
    public bool TryTake(in ExportedFlow seen, out Flow record)
    {
        _now = Math.Max(_now, seen.Time);
        var identity = new Identity(seen.Flow.Key, seen.Flow.StartTime, seen.Flow.Interface);
        if (seen.Flow.HasEnded)
        {
            record = _exported.Remove(identity, out var past) ? past.Since(seen.Flow) : seen.Flow;
            return true;
        }

        return TryFollow(identity, seen, out record);
    }

    private bool TryFollow(in Identity identity, in ExportedFlow seen, out Flow record)
    {
        record = default;
        var isKnown = _exported.TryGetValue(identity, out var past);
        if (seen.Time - (isKnown ? past.Time : seen.Flow.StartTime) < _interval || (!isKnown && !HasRoom()))
        {
            return false;
        }

        record = isKnown ? past.Since(seen.Flow) : seen.Flow;
        _exported[identity] = Exported.Of(seen);
        return true;
    }

    // The end of a flow may have been dropped. One that has not been heard of for so long is no longer in the table.
    private bool HasRoom()
    {
        if (_exported.Count >= _capacity && _now >= _nextSweep)
        {
            _nextSweep = _now + _interval;
            foreach (var (identity, past) in _exported)
            {
                if (_now - past.Time > _longestSilence)
                {
                    _exported.Remove(identity);
                }
            }
        }

        return _exported.Count < _capacity;
    }

    private static TimeSpan LongestSilence(FlowOptions options) =>
        new[] { options.TcpIdle, options.TcpUnanswered, options.UdpIdle, options.IcmpIdle, options.OtherIdle }.Max() + (2 * options.ActiveInterval) + options.ClosedLinger;

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;

    private readonly record struct Identity(FlowKey Key, long StartTime, string? Interface);

    private readonly record struct Exported(long PacketsOut, long PacketsIn, long BytesOut, long BytesIn, long EndTime, long Time)
    {
        public static Exported Of(in ExportedFlow seen) =>
            new(seen.Flow.PacketsOut, seen.Flow.PacketsIn, seen.Flow.BytesOut, seen.Flow.BytesIn, seen.Flow.EndTime, seen.Time);

        public Flow Since(in Flow flow) => flow with
        {
            StartTime = EndTime,
            PacketsOut = flow.PacketsOut - PacketsOut,
            PacketsIn = flow.PacketsIn - PacketsIn,
            BytesOut = flow.BytesOut - BytesOut,
            BytesIn = flow.BytesIn - BytesIn,
        };
    }
}
