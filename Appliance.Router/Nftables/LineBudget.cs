namespace Appliance.Router.Nftables;

/// <summary>So many lines a second, and none that were saved up.</summary>
internal sealed class LineBudget(int perSecond, TimeProvider clock)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private long _start = clock.GetTimestamp();
    private int _taken;

    public bool TryTake()
    {
        var now = clock.GetTimestamp();
        if (clock.GetElapsedTime(_start, now) >= Second)
        {
            _start = now;
            _taken = 0;
        }

        return _taken++ < perSecond;
    }
}
