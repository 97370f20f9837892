namespace Appliance.Router.Nftables;

/// <summary>A set's name and flags (enum nft_set_flags).</summary>
internal readonly record struct ListedSet(string Name, uint Flags)
{
    private const uint Anonymous = 1;
    private const uint Timed = 0x10;
    private const uint FilledByPackets = 0x20;

    /// <summary>Only an apply changes its elements: neither time nor packets do, and it is no part of a rule.</summary>
    public bool IsFixed => (Flags & (Anonymous | Timed | FilledByPackets)) == 0;
}
