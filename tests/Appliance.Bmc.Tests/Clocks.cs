using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests;

/// <summary>Moves a test's clock while the code under test, on other threads, sets its timers.</summary>
/// <remarks>
/// Asked again and again: the board answers over a real socket on Kestrel's threads, and neither the socket nor the fake clock tells a third
/// one that an answer was dealt with or a timer set. The pause only leaves those threads the processor; no outcome hangs on its length.
/// </remarks>
internal static class Clocks
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Advances step by step until it is so; each step lets the timers that are due run.</summary>
    public static async Task AdvanceUntilAsync(FakeTimeProvider clock, TimeSpan step, Func<bool> isSo)
    {
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        guard.CancelAfter(Guard);
        while (!isSo())
        {
            guard.Token.ThrowIfCancellationRequested();
            clock.Advance(step);
            await Task.Delay(Pause, TimeProvider.System, guard.Token);
        }
    }

    /// <summary>Waits for something that happens by itself, on another thread.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        guard.CancelAfter(Guard);
        while (!isSo())
        {
            await Task.Delay(Pause, TimeProvider.System, guard.Token);
        }
    }
}
