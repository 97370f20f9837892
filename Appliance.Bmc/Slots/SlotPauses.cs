using Microsoft.Extensions.Hosting;

namespace Appliance.Bmc.Slots;

/// <summary>Waits within orders, which are cut short when the role stops: no order is left half done by it.</summary>
internal sealed class SlotPauses(TimeProvider clock, IHostApplicationLifetime lifetime)
{
    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>False when the role stops before the time is over.</summary>
    public async Task<bool> PauseAsync(TimeSpan time)
    {
        try
        {
            await Task.Delay(time, clock, lifetime.ApplicationStopping);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
