using Microsoft.Extensions.Time.Testing;

namespace Appliance.Router.Tests.Export;

/// <summary>A clock that moves only by hand, but on which waits of a second or less are over at once.</summary>
internal sealed class HastyClock : FakeTimeProvider
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime > Short || dueTime < TimeSpan.Zero ? dueTime : TimeSpan.Zero, period);
}
