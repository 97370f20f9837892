namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>What became of a packet.</summary>
internal enum Fate
{
    /// <summary>It was seen nowhere, and nobody was told.</summary>
    Dropped,

    /// <summary>It was seen nowhere, and its sender was told: a reset, or ICMP "administratively prohibited".</summary>
    Refused,

    /// <summary>It was seen at another place.</summary>
    Passed,
}
