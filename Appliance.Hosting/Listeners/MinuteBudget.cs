namespace Appliance.Hosting.Listeners;

/// <summary>One turn a minute for each of a few kinds of event, so that a flood of refusals can't flood the log.</summary>
internal sealed class MinuteBudget(TimeProvider clock, int kinds)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // Zero is "never"; timestamps are stored with one added.
    private readonly long[] _last = new long[kinds];

    public bool TryTake(int kind)
    {
        ref var last = ref _last[kind];
        var seen = Volatile.Read(ref last);
        var now = clock.GetTimestamp();
        return (seen == 0 || clock.GetElapsedTime(seen - 1, now) >= Interval)
            && Interlocked.CompareExchange(ref last, now + 1, seen) == seen;
    }
}
