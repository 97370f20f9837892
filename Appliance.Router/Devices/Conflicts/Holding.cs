using Appliance.Router.Decoding;

namespace Appliance.Router.Devices.Conflicts;

/// <summary>Who has an address, and who else says so.</summary>
internal struct Holding
{
    public AddressKey Key;
    public MacAddress Holder;
    public long HolderSeen;
    public MacAddress Claimant;
    public long ClaimantSeen;

    /// <summary>The holder has spoken since the claimant did first: so both are there.</summary>
    public bool IsContested;

    public bool IsRouter;

    /// <summary>Claims that have not been told.</summary>
    public int Claims;
    public long ToldTime;

    public readonly long LastSeen => Math.Max(HolderSeen, ClaimantSeen);
}
