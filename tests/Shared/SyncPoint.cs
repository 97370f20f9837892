namespace Appliance.Tests.Shared;

/// <summary>A place in the code under test that a test waits for, and may hold, instead of sleeping.</summary>
internal sealed class SyncPoint
{
    // Only a guard against a hang; a passing test never waits for it.
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _continue = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called by a stand-in: says that the place was reached and goes on.</summary>
    public void Reach() => _reached.TrySetResult();

    /// <summary>Called by a stand-in: says that the place was reached and waits to be let on.</summary>
    public Task ReachAndWaitAsync(CancellationToken cancellationToken)
    {
        Reach();
        return _continue.Task.WaitAsync(Guard, cancellationToken);
    }

    /// <summary>Called by the test: waits until the place was reached.</summary>
    public Task WaitAsync() => _reached.Task.WaitAsync(Guard);

    /// <summary>Called by the test: lets the code under test go on.</summary>
    public void Continue() => _continue.TrySetResult();
}
