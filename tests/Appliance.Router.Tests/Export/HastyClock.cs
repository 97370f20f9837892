using Microsoft.Extensions.Time.Testing;

namespace Appliance.Router.Tests.Export;

/// <summary>A clock that moves only by hand, but on which waits of less than a second are over at once.</summary>
internal sealed class HastyClock : FakeTimeProvider
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // An exporter pauses for a second after its first failure; what lasts longer, up to a minute, is its patience with a collector.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPatience = TimeSpan.FromMinutes(1);

    private int _pauses;
    private int _givenUp;
    private int _minutes;

    /// <summary>How many pauses were begun.</summary>
    public int Pauses => Volatile.Read(ref _pauses);

    /// <summary>How often somebody's patience has come to its end; known when <see cref="FakeTimeProvider.Advance"/> returns.</summary>
    public int GivenUp => Volatile.Read(ref _givenUp);

    /// <summary>How many waits of a whole minute were begun.</summary>
    public int Minutes => Volatile.Read(ref _minutes);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.Zero || dueTime > LongestPatience)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        if (dueTime < Second)
        {
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }

        if (dueTime > LongestPause)
        {
            var patience = base.CreateTimer(GiveUp, (callback, state), dueTime, period);
            Interlocked.Add(ref _minutes, dueTime == LongestPatience ? 1 : 0);
            return patience;
        }

        // Counted when it runs, so that whoever sees it can end it.
        var pause = base.CreateTimer(callback, state, dueTime, period);
        Interlocked.Increment(ref _pauses);
        return pause;
    }

    private void GiveUp(object? waiting)
    {
        Interlocked.Increment(ref _givenUp);
        var (callback, state) = ((TimerCallback, object?))waiting!;
        callback(state);
    }
}
