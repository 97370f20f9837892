namespace Appliance.Hosting.Updates;

/// <summary>Whether what was started answers for long enough, in time.</summary>
internal sealed class HealthTrial(Func<CancellationToken, Task<bool>> isServing, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    public async Task<bool> PassesAsync(CancellationToken token)
    {
        var start = clock.GetTimestamp();
        long? since = null;
        while (clock.GetElapsedTime(start) < BootTrial.Deadline)
        {
            since = await isServing(token) ? since ?? clock.GetTimestamp() : null;
            if (since is { } then && clock.GetElapsedTime(then) >= BootTrial.Steady)
            {
                return true;
            }

            await Task.Delay(Interval, clock, token);
        }

        return false;
    }
}
