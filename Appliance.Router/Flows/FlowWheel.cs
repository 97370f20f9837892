namespace Appliance.Router.Flows;

/// <summary>A timer for each flow, on the capture's clock: a wheel of lists, each for a quarter of a second.</summary>
internal sealed class FlowWheel(int placeCount)
{
    private const long Tick = 250_000_000;

    // 512 s at a quarter of a second each: the longest default time-out fits; a longer one goes around again.
    private const int ListCount = 2048;

    private readonly FlowLists _lists = new(placeCount, ListCount);
    private long _tick;
    private int _count;

    /// <summary>Sets the place's timer, instead of the one that it has.</summary>
    public void Set(int place, long time)
    {
        Clear(place);
        var due = Math.Clamp((time + Tick - 1) / Tick, _tick + 1, _tick + ListCount - 1);
        _lists.Append((int)(due % ListCount), place);
        _count++;
    }

    public void Clear(int place)
    {
        if (_lists.TryRemove(place))
        {
            _count--;
        }
    }

    /// <summary>Nothing is due before it.</summary>
    public long NextTime { get; private set; } = Tick;

    /// <summary>Takes one timer that is due, with the time at which it was; false when there is none left.</summary>
    public bool TryTake(long now, out int place, out long time)
    {
        // With no timer set, quiet years cost nothing.
        var last = now / Tick;
        if (_count == 0)
        {
            _tick = Math.Max(_tick, last);
        }

        for (; _tick < last; _tick++)
        {
            place = _lists.First((int)((_tick + 1) % ListCount));
            if (place != FlowLists.None)
            {
                Clear(place);
                time = (_tick + 1) * Tick;
                return true;
            }
        }

        NextTime = (_tick + 1) * Tick;
        place = FlowLists.None;
        time = 0;
        return false;
    }
}
