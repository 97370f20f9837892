using Microsoft.Extensions.Time.Testing;

namespace Appliance.Tests.Shared;

/// <summary>A clock that stands still and says when somebody began to wait for a second or more.</summary>
internal sealed class PauseClock() : FakeTimeProvider(System.GetUtcNow())
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    public SyncPoint Paused { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime >= Shortest && period == Timeout.InfiniteTimeSpan)
        {
            Paused.Reach();
        }

        return timer;
    }
}
