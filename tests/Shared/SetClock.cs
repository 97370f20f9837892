using Microsoft.Extensions.Time.Testing;

namespace Appliance.Tests.Shared;

/// <summary>A clock that somebody can set: what its timers and timestamps count is not touched by it.</summary>
internal sealed class SetClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private TimeSpan _offset;

    public void Set(DateTimeOffset time) => _offset = time - base.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _offset;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}
