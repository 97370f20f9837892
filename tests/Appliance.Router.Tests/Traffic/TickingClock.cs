using Appliance.Tests.Shared;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Router.Tests.Traffic;

/// <summary>A clock that a test moves on, and that knows when all who want to be called each second wait for it.</summary>
internal sealed class TickingClock(int ticking) : FakeTimeProvider(System.GetUtcNow())
{
    private readonly SyncPoint _waiting = new();
    private int _left = ticking;

    /// <summary>Until so many have asked to be called each second.</summary>
    public Task WaitAsync() => _waiting.WaitAsync();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (period == TimeSpan.FromSeconds(1) && Interlocked.Decrement(ref _left) == 0)
        {
            _waiting.Reach();
        }

        return timer;
    }
}
