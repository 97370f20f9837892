using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Dhcp;
using Appliance.Router.Decoding.Dns;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Decoding.Http;
using Appliance.Router.Decoding.Names;

namespace Appliance.Router.Devices;

/// <summary>What a sighting says about which devices.</summary>
internal static class ObservationReader
{
    public static IEnumerable<Observation> Read(Sighting sighting) => sighting.Fact switch
    {
        null => ReadNeighbor(sighting.Neighbor, sighting.Time),
        DhcpFact dhcp => ReadDhcp(dhcp),
        DnsFact { IsMulticast: true } dns => MdnsReader.Read(dns).Concat(ReadSender(dns.Origin)),
        SsdpFact ssdp => ReadSsdp(ssdp).Concat(ReadSender(ssdp.Origin)),
        HttpFact http => ReadClaim(http.Origin, TraitSource.HttpUserAgent, http.UserAgent),
        SshFact { IsClient: false } ssh => ReadClaim(ssh.Origin, TraitSource.SshBanner, ssh.Banner),
        _ => [],
    };

    /// <summary>Whether a fact is of a kind that may tell of a device.</summary>
    public static bool Reads(Fact fact) => fact is DhcpFact or DnsFact { IsMulticast: true } or SsdpFact or HttpFact or SshFact { IsClient: false };

    /// <summary>The address, or zero for one that belongs to no device: unspecified, loopback, multicast and broadcast.</summary>
    public static UInt128 Usable(UInt128 address)
    {
        var isUsable = IPAddresses.IsIPv4(address)
            ? (uint)address >> 24 is not (0 or 127) && (uint)address >> 28 < 0xE
            : address > 1 && !IsGroup(address);
        return isUsable ? address : 0;
    }

    // The sender of a probe has no address yet (RFC 5227, 2.1.1).
    private static IEnumerable<Observation> ReadNeighbor(Neighbor neighbor, long time)
    {
        yield return new(neighbor.SenderMac, time) { Address = Usable(neighbor.Sender) };
    }

    private static IEnumerable<Observation> ReadDhcp(DhcpFact dhcp)
    {
        var origin = dhcp.Origin;
        var isServer = dhcp.Kind is DhcpKind.Offer or DhcpKind.Acknowledge or DhcpKind.Refuse;
        if (isServer)
        {
            yield return new(origin.SourceMac, origin.Time) { Trait = new(TraitSource.DhcpServer, "") };
        }

        // A client that gives no address of its own is the frame's sender; a server's answer to one names nobody.
        var client = dhcp.ClientMac.IsEmpty && !isServer ? origin.SourceMac : dhcp.ClientMac;
        if (client.IsEmpty || dhcp.Kind is DhcpKind.Offer or DhcpKind.Refuse)
        {
            yield break;
        }

        var address = dhcp.Kind == DhcpKind.Acknowledge ? Usable(dhcp.LeaseAddress ?? 0) : 0;
        yield return new(client, origin.Time) { Address = address };
        (TraitSource Source, string Text)[] traits =
        [
            (TraitSource.DhcpName, dhcp.HostName),
            (TraitSource.DhcpVendorClass, isServer ? "" : dhcp.VendorClass),
            (TraitSource.DhcpFingerprint, isServer ? "" : dhcp.Fingerprint),
        ];
        foreach (var (source, text) in traits.Where(trait => trait.Text.Length > 0))
        {
            yield return new(client, origin.Time) { Trait = new(source, text) };
        }
    }

    private static IEnumerable<Observation> ReadSsdp(SsdpFact ssdp)
    {
        // A search names what is looked for, not what looks. Nobody routes SSDP's group, but an answer to one address may have been.
        var condition = IsGroup(ssdp.Origin.Destination) ? UInt128.Zero : ssdp.Origin.Source;
        if (ssdp.Kind != SsdpKind.Search && ssdp.Target.Contains(":device:", StringComparison.OrdinalIgnoreCase))
        {
            yield return new(ssdp.Origin.SourceMac, ssdp.Origin.Time) { Trait = new(TraitSource.SsdpDevice, ssdp.Target), Condition = condition };
        }

        if (ssdp.Product.Length > 0)
        {
            yield return new(ssdp.Origin.SourceMac, ssdp.Origin.Time) { Trait = new(TraitSource.SsdpProduct, ssdp.Product), Condition = condition };
        }
    }

    private static IEnumerable<Observation> ReadSender(FactOrigin origin)
    {
        if (IsGroup(origin.Destination))
        {
            yield return new(origin.SourceMac, origin.Time) { Address = Usable(origin.Source) };
        }
    }

    private static IEnumerable<Observation> ReadClaim(FactOrigin origin, TraitSource source, string text)
    {
        if (text.Length > 0)
        {
            yield return new(origin.SourceMac, origin.Time) { Trait = new(source, text), Condition = origin.Source };
        }
    }

    private static bool IsGroup(UInt128 address) => IPAddresses.IsIPv4(address) ? (uint)address >> 28 == 0xE : address >> 120 == 0xFF;
}
