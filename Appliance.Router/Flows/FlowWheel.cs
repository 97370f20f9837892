namespace Appliance.Router.Flows;

/// <summary>A timer for each flow, on the capture's clock: a wheel of lists, each for a quarter of a second.</summary>
internal sealed class FlowWheel(int placeCount)
{
    private const long Tick = 250_000_000;

    // 512 s at a quarter of a second each: the longest default time-out fits; a longer one goes around again.
    private const int ListCount = 2048;

    private readonly FlowLists lists = new(placeCount, ListCount);
    private long tick;
    private int count;

    /// <summary>Sets the place's timer, instead of the one that it has.</summary>
    public void Set(int place, long time)
    {
        Clear(place);
        var due = Math.Clamp((time + Tick - 1) / Tick, tick + 1, tick + ListCount - 1);
        lists.Append((int)(due % ListCount), place);
        count++;
    }

    public void Clear(int place)
    {
        if (lists.TryRemove(place))
        {
            count--;
        }
    }

    /// <summary>Takes one timer that is due, with the time at which it was; false when there is none left.</summary>
    public bool TryTake(long now, out int place, out long time)
    {
        // With no timer set, quiet years cost nothing.
        var last = now / Tick;
        if (count == 0)
        {
            tick = Math.Max(tick, last);
        }

        for (; tick < last; tick++)
        {
            place = lists.First((int)((tick + 1) % ListCount));
            if (place != FlowLists.None)
            {
                Clear(place);
                time = (tick + 1) * Tick;
                return true;
            }
        }

        place = FlowLists.None;
        time = 0;
        return false;
    }
}
