using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests;

/// <summary>Moves a test's clock while the code under test, on other threads, sets its timers.</summary>
internal static class Clocks
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    /// <summary>Advances step by step until it is so; each step lets the timers that are due run.</summary>
    public static async Task AdvanceUntilAsync(FakeTimeProvider clock, TimeSpan step, Func<bool> isSo)
    {
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        guard.CancelAfter(Guard);
        while (!isSo())
        {
            guard.Token.ThrowIfCancellationRequested();
            clock.Advance(step);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, guard.Token);
        }
    }

    /// <summary>Waits for something that happens by itself, on another thread.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        guard.CancelAfter(Guard);
        while (!isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, guard.Token);
        }
    }
}
