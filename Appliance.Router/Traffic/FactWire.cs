using System.Net;
using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Dhcp;
using Appliance.Router.Decoding.Dns;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Decoding.Http;
using Appliance.Router.Decoding.Names;
using Appliance.Router.Decoding.Routers;
using Appliance.Router.Decoding.Tls;
using Appliance.Router.Decoding.Tunnels;
using Appliance.Router.Devices.Conflicts;
using Appliance.Router.Flows;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Wire = Appliance.Protos.Traffic.V1.Fact;

namespace Appliance.Router.Traffic;

/// <summary>Facts as the contract carries them.</summary>
internal static class FactWire
{
    public static Wire ToMessage(Fact fact)
    {
        var message = ToMessage(fact.Origin);
        switch (fact)
        {
            case DnsFact dns:
                message.Dns = ToMessage(dns);
                break;
            case DhcpFact dhcp:
                message.Dhcp = ToMessage(dhcp);
                break;
            case SsdpFact ssdp:
                message.Ssdp = ToMessage(ssdp);
                break;
            case TlsHelloFact hello:
                message.TlsHello = ToMessage(hello);
                break;
            case HttpFact http:
                message.Http = new() { Method = http.Method, Host = http.Host, UserAgent = http.UserAgent };
                break;
            case SshFact ssh:
                message.SshBanner = new() { Banner = ssh.Banner, FromClient = ssh.IsClient };
                break;
            case EchoFact echo:
                message.Echo = new() { PayloadBytes = (uint)echo.PayloadBytes };
                break;
            case TunnelFact tunnel:
                message.Tunnel = ToMessage(tunnel);
                break;
            case LoginFact login:
                message.Login = ToMessage(login);
                break;
            case RouterAdvertisementFact router:
                message.RouterAdvertisement = ToMessage(router);
                break;
            case AddressConflictFact conflict:
                message.AddressConflict = ToMessage(conflict);
                break;
            default:
                break;
        }

        return message;
    }

    private static Wire ToMessage(in FactOrigin origin)
    {
        var key = new FlowKey(origin.Source, origin.Destination, origin.SourcePort, origin.DestinationPort, origin.Protocol);
        var isIcmp = origin.Protocol is IPProtocol.Icmp or IPProtocol.IcmpV6;
        return new()
        {
            SourceMac = TrafficWire.ToBytes(origin.SourceMac),
            VlanId = origin.VlanId,
            Source = ToBytes(origin.Source),
            SourcePort = origin.SourcePort,
            Destination = ToBytes(origin.Destination),
            DestinationPort = isIcmp ? 0u : origin.DestinationPort,
            Protocol = origin.Protocol,
            CommunityId = origin.Protocol == 0 ? "" : CommunityId.Of(new Flow { Key = key }),
        };
    }

    private static Wire.Types.Dns ToMessage(DnsFact dns) => new()
    {
        MessageId = dns.Id,
        IsResponse = dns.IsResponse,
        ResponseCode = dns.ResponseCode,
        Multicast = dns.IsMulticast,
        Truncated = dns.IsTruncated,
        Partial = dns.IsPartial,
        Questions = { dns.Questions.Select(question => new Wire.Types.Dns.Types.Question { Name = question.Name, Type = question.Type }) },
        Answers = { dns.Answers.Select(ToMessage) },
        Additional = { dns.Additional.Select(ToMessage) },
        AuthoritiesCount = (uint)dns.AuthoritiesCount,
    };

    private static Wire.Types.Dns.Types.Record ToMessage(DnsRecord record)
    {
        var address = record.Type is DnsTypes.Address or DnsTypes.AddressV6 && IPAddress.TryParse(record.Value, out var parsed) ? parsed : null;
        return new()
        {
            Name = record.Name,
            Type = record.Type,
            TimeToLive = new Duration { Seconds = record.TimeToLive },
            ContentBytes = (uint)record.ContentBytes,
            Address = address is null ? ByteString.Empty : ByteString.CopyFrom(address.GetAddressBytes()),
            Value = address is null ? record.Value : "",
        };
    }

    private static Wire.Types.Dhcp ToMessage(DhcpFact dhcp) => new()
    {
        // The kinds have the numbers of the contract, here and below.
        Kind = (Wire.Types.Dhcp.Types.Kind)dhcp.Kind,
        ClientMac = TrafficWire.ToBytes(dhcp.ClientMac),
        HostName = dhcp.HostName,
        VendorClass = dhcp.VendorClass,
        Fingerprint = dhcp.Fingerprint,
        RequestedAddress = ToBytes(dhcp.RequestedAddress ?? 0),
        LeaseAddress = ToBytes(dhcp.LeaseAddress ?? 0),
        LeaseDuration = dhcp.LeaseDuration is { } duration ? Duration.FromTimeSpan(duration) : null,
        Routers = { dhcp.Routers.Select(TrafficWire.ToBytes) },
        DnsServers = { dhcp.DnsServers.Select(TrafficWire.ToBytes) },
    };

    private static Wire.Types.Ssdp ToMessage(SsdpFact ssdp) => new()
    {
        Kind = (Wire.Types.Ssdp.Types.Kind)ssdp.Kind,
        Target = ssdp.Target,
        UniqueName = ssdp.UniqueName,
        Product = ssdp.Product,
        Location = ssdp.Location,
    };

    private static Wire.Types.TlsHello ToMessage(TlsHelloFact hello) => new()
    {
        ServerName = hello.ServerName,
        Protocols = { hello.Protocols },
        Ja4 = hello.Fingerprint,
        Version = hello.Version,
        Quic = hello.IsQuic,
    };

    private static Wire.Types.Tunnel ToMessage(TunnelFact tunnel) => new()
    {
        Kind = (Wire.Types.Tunnel.Types.Kind)tunnel.Kind,
        TunnelId = tunnel.Id,
        OuterSource = ToBytes(tunnel.OuterSource),
        OuterDestination = ToBytes(tunnel.OuterDestination),
    };

    private static Wire.Types.Login ToMessage(LoginFact login) => new()
    {
        Application = (Protos.Traffic.V1.Flow.Types.Application)login.Application,
        Outcome = login.Outcome == LoginOutcome.Succeeded ? Wire.Types.Login.Types.Outcome.Succeeded : Wire.Types.Login.Types.Outcome.Failed,
        DefaultCredentials = login.IsDefault,
    };

    private static Wire.Types.RouterAdvertisement ToMessage(RouterAdvertisementFact router) => new()
    {
        RouterMac = TrafficWire.ToBytes(router.RouterMac),
        RouterLifetime = Duration.FromTimeSpan(router.Lifetime),
        Preference = (Wire.Types.RouterAdvertisement.Types.Preference)router.Preference,
        Managed = router.IsManaged,
        OtherConfiguration = router.HasOtherConfiguration,
        MtuBytes = router.Mtu,
        Prefixes = { router.Prefixes.Select(ToMessage) },
        DnsServers = { router.DnsServers.Select(TrafficWire.ToBytes) },
        SearchDomains = { router.SearchDomains },
        TranslationPrefixes = { router.TranslationPrefixes.Select(ToMessage) },
    };

    private static Wire.Types.RouterAdvertisement.Types.Prefix ToMessage(AdvertisedPrefix prefix) => new()
    {
        Address = TrafficWire.ToBytes(prefix.Prefix),
        Length = prefix.Length,
        OnLink = prefix.IsOnLink,
        Autonomous = prefix.IsAutonomous,
        ValidLifetime = Duration.FromTimeSpan(prefix.ValidLifetime),
        PreferredLifetime = Duration.FromTimeSpan(prefix.PreferredLifetime),
    };

    private static Wire.Types.AddressConflict ToMessage(AddressConflictFact conflict) => new()
    {
        Kind = (Wire.Types.AddressConflict.Types.Kind)conflict.Kind,
        Address = TrafficWire.ToBytes(conflict.Address),
        HolderMac = TrafficWire.ToBytes(conflict.Holder),
        ClaimantMac = TrafficWire.ToBytes(conflict.Claimant),
        Router = conflict.IsRouter,
        ClaimsCount = (uint)conflict.Claims,
        HolderSeenTime = TrafficWire.ToTimestamp(conflict.HolderSeen),
    };

    // Zero stands for none.
    private static ByteString ToBytes(UInt128 address) => address == 0 ? ByteString.Empty : TrafficWire.ToBytes(address);
}
