using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Routers;

/// <summary>One router advertisement: by it hosts choose their router, their addresses and their name servers.</summary>
public sealed record RouterAdvertisementFact(FactOrigin Origin) : Fact(Origin)
{
    private const int EntryBytes = 80;

    /// <summary>From the source link-layer option, or the frame's sender.</summary>
    public MacAddress RouterMac { get; init; }

    /// <summary>How long it is a default router; zero when it is none, or no longer.</summary>
    public TimeSpan Lifetime { get; init; }

    public RouterPreference Preference { get; init; }

    /// <summary>Addresses come from DHCPv6.</summary>
    public bool IsManaged { get; init; }

    /// <summary>All else comes from DHCPv6.</summary>
    public bool HasOtherConfiguration { get; init; }

    public uint Mtu { get; init; }

    public IReadOnlyList<AdvertisedPrefix> Prefixes { get; init; } = [];

    /// <summary>Name servers that are still to be used (RFC 8106, 5.1).</summary>
    public IReadOnlyList<UInt128> DnsServers { get; init; } = [];

    /// <summary>RFC 8106, 5.2.</summary>
    public IReadOnlyList<string> SearchDomains { get; init; } = [];

    /// <summary>Prefixes behind which IPv4 lies (RFC 8781).</summary>
    public IReadOnlyList<AdvertisedPrefix> TranslationPrefixes { get; init; } = [];

    protected override int TextBytes =>
        ((Prefixes.Count + TranslationPrefixes.Count + DnsServers.Count) * EntryBytes) + SearchDomains.Sum(BytesOf);
}
