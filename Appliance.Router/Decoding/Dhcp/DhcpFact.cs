using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Dhcp;

/// <summary>One DHCP or DHCPv6 message; what it does not say is empty.</summary>
public sealed record DhcpFact(FactOrigin Origin, DhcpKind Kind) : Fact(Origin)
{
    /// <summary>The client's hardware address as the message says; in DHCPv6 from its DUID, where that has one.</summary>
    public MacAddress ClientMac { get; init; }

    /// <summary>Name that the client gives itself, or is given.</summary>
    public string HostName { get; init; } = "";

    /// <summary>Option 60, in DHCPv6 option 16: the maker of the client's software.</summary>
    public string VendorClass { get; init; } = "";

    /// <summary>The options that the client asks for, in its order, as decimal numbers with commas: it is the same for the same software.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>Address that the client asks for, or has when it renews or gives back.</summary>
    public UInt128? RequestedAddress { get; init; }

    /// <summary>Address that the server offers or gives.</summary>
    public UInt128? LeaseAddress { get; init; }

    public TimeSpan? LeaseDuration { get; init; }

    /// <summary>Option 3.</summary>
    public IReadOnlyList<UInt128> Routers { get; init; } = [];

    /// <summary>Option 6.</summary>
    public IReadOnlyList<UInt128> DnsServers { get; init; } = [];

    protected override int TextBytes => BytesOf(HostName) + BytesOf(VendorClass) + BytesOf(Fingerprint) + ((Routers.Count + DnsServers.Count) * IPAddresses.IPv6Length);
}
