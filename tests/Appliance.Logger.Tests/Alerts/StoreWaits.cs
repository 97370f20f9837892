using Appliance.Logger.Alerts;

namespace Appliance.Logger.Tests.Alerts;

/// <summary>Waiting for the store instead of sleeping.</summary>
internal static class StoreWaits
{
    // Only a guard against a hang; a passing test never waits for it.
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    public static Task<StoredAlert> UntilFoundAsync(this AlertStore store, string id) => store.UntilAsync(id, _ => true);

    /// <summary>The alert as soon as the condition holds of it.</summary>
    public static async Task<StoredAlert> UntilAsync(this AlertStore store, string id, Func<StoredAlert, bool> condition)
    {
        using var guard = new CancellationTokenSource(Guard);
        var changes = store.WatchAsync(guard.Token);
        if (store.Find(id) is { } alert && condition(alert))
        {
            return alert;
        }

        return await changes.FirstAsync(changed => changed.Id == id && condition(changed), guard.Token);
    }
}
