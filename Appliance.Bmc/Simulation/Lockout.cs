namespace Appliance.Bmc.Simulation;

/// <summary>Bans a peer that fails too often in a row, each time twice as long.</summary>
internal sealed class Lockout(BoardProfile profile, TimeProvider clock)
{
    private readonly Dictionary<string, (int Failures, DateTimeOffset Until)> _peers = [];

    /// <summary>Bans that were given.</summary>
    public int Bans { get; private set; }

    /// <summary>What is left of a peer's ban, or null. Asking costs nothing.</summary>
    public TimeSpan? Ban(string peer)
    {
        var left = _peers.TryGetValue(peer, out var entry) ? entry.Until - clock.GetUtcNow() : TimeSpan.Zero;
        return left > TimeSpan.Zero ? left : null;
    }

    /// <summary>Counts a failure, and returns the ban that it brought.</summary>
    public TimeSpan? Penalize(string peer)
    {
        var failures = _peers.TryGetValue(peer, out var entry) ? entry.Failures + 1 : 1;
        var excess = failures - profile.AllowedFailures;
        var until = excess < 0
            ? DateTimeOffset.MinValue
            : clock.GetUtcNow() + (profile.FirstBan * (1L << Math.Min(excess, profile.BanDoublings)));
        _peers[peer] = (failures, until);
        Bans += excess < 0 ? 0 : 1;
        return Ban(peer);
    }

    public void Forgive(string peer) => _peers.Remove(peer);
}
