using Microsoft.Extensions.Options;

namespace Appliance.Logger.Dashboard.Snapshots;

/// <summary>Counts pages that update live; each costs the Logger about 1 MB.</summary>
internal sealed class LivePages(IOptions<DashboardOptions> options)
{
    private int _open;

    public int Open => Volatile.Read(ref _open);

    public bool HasRoom => Open < options.Value.MaxLivePages;

    public void Opened() => Interlocked.Increment(ref _open);

    public void Closed() => Interlocked.Decrement(ref _open);
}
