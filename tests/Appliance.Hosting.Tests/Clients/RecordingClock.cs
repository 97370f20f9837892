using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Hosting.Tests.Clients;

/// <summary>A clock of the test's that tells which timers were started, so that a test can wait for one.</summary>
internal sealed class RecordingClock : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits for the next timer that is not of that length.</summary>
    public async Task<TimeSpan> NextTimerButAsync(TimeSpan other)
    {
        while (true)
        {
            var dueTime = await _timers.Reader.ReadAsync(TestContext.Current.CancellationToken);
            if (dueTime != other)
            {
                return dueTime;
            }
        }
    }
}
