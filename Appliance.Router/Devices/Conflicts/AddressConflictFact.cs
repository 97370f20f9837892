using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Devices.Conflicts;

/// <summary>Two stations are at odds over an address; the origin is the message that showed it.</summary>
public sealed record AddressConflictFact(FactOrigin Origin, ConflictKind Kind, UInt128 Address, MacAddress Holder, MacAddress Claimant) : Fact(Origin)
{
    /// <summary>The address is a router's, as DHCP or router advertisements say.</summary>
    public bool IsRouter { get; init; }

    /// <summary>Claims since this was told last.</summary>
    public int Claims { get; init; }

    /// <summary>When the holder last said that the address is its own, nanoseconds since 1970 UTC.</summary>
    public long HolderSeen { get; init; }
}
