using Appliance.Detector.Detectors;
using Appliance.Router.Flows;

namespace Appliance.Evaluation;

/// <summary>Alarm when a host sends or gets more packets in a second than any quiet device does.</summary>
/// <remarks>
/// 200 a second is just above the busiest steady device known (Modbus polling, 190 a second), so the baseline is at its best.
/// Flow events tell of a busy flow at every doubling of its packets, so a burst is spread over the time it was gained in.
/// </remarks>
internal sealed class RateBaseline : IBaseline
{
    private const int PacketsPerSecond = 200;
    private const long Second = 1_000_000_000;

    private readonly Dictionary<(UInt128 Address, bool IsSource), Count> _counts = [];
    private readonly HashSet<(UInt128 Address, bool IsSource)> _alarmed = [];
    private readonly List<Alarm> _alarms = [];

    public IReadOnlyList<Alarm> Alarms => _alarms;

    public void Observe(in FlowEvent flowEvent, in Gain gain)
    {
        if (gain.PacketsOut + gain.PacketsIn == 0)
        {
            return;
        }

        var key = flowEvent.Flow.Key;
        Add(key.Source, isSource: true, gain.PacketsOut, gain.Nanoseconds, flowEvent);
        Add(key.Destination, isSource: false, gain.PacketsOut, gain.Nanoseconds, flowEvent);
        Add(key.Destination, isSource: true, gain.PacketsIn, gain.Nanoseconds, flowEvent);
        Add(key.Source, isSource: false, gain.PacketsIn, gain.Nanoseconds, flowEvent);
    }

    private void Add(UInt128 address, bool isSource, long packets, long nanoseconds, in FlowEvent flowEvent)
    {
        var place = (address, isSource);
        if (packets == 0 || _alarmed.Contains(place))
        {
            return;
        }

        // The last packet, not the event: a silent flow is told of long after.
        var second = flowEvent.Flow.EndTime / Second;
        var share = nanoseconds > Second ? (double)packets * Second / nanoseconds : packets;
        var count = _counts.GetValueOrDefault(place);
        var sum = share + (count.Second == second ? count.Packets : 0);
        _counts[place] = new Count(Math.Max(second, count.Second), sum);
        if (sum >= PacketsPerSecond)
        {
            _alarmed.Add(place);
            _alarms.Add(new Alarm($"{(isSource ? "from" : "to")} {address:x}", flowEvent.Time, Category.None, Severity.Medium));
        }
    }

    private readonly record struct Count(long Second, double Packets);
}
