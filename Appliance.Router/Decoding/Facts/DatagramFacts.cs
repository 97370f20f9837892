using Appliance.Router.Decoding.Dhcp;
using Appliance.Router.Decoding.Dns;
using Appliance.Router.Decoding.Names;

namespace Appliance.Router.Decoding.Facts;

/// <summary>Reads the datagrams that are a fact each, told by their ports.</summary>
internal static class DatagramFacts
{
    /// <summary>Whether datagrams between these ports may be facts.</summary>
    public static bool IsOfInterest(ushort sourcePort, ushort destinationPort) => IsOfInterest(sourcePort) || IsOfInterest(destinationPort);

    /// <summary>The fact that a datagram is; null when it is none.</summary>
    public static Fact? Read(in Packet packet)
    {
        // Requests go to the known port, answers come from it.
        var origin = FactOrigin.Of(packet);
        return ReadBy(packet.DestinationPort, packet.Payload, origin) ?? ReadBy(packet.SourcePort, packet.Payload, origin);
    }

    private static bool IsOfInterest(ushort port) => port is DnsReader.Port or DnsReader.MulticastPort or DnsReader.LinkLocalPort or SsdpReader.Port
        or DhcpReader.ServerPort or DhcpReader.ClientPort or DhcpV6Reader.ServerPort or DhcpV6Reader.ClientPort;

    private static Fact? ReadBy(ushort port, ReadOnlySpan<byte> payload, in FactOrigin origin)
    {
        switch (port)
        {
            case DnsReader.Port or DnsReader.MulticastPort or DnsReader.LinkLocalPort:
                return DnsReader.TryRead(payload, origin, out var dns) ? dns : null;
            case SsdpReader.Port:
                return SsdpReader.TryRead(payload, origin, out var ssdp) ? ssdp : null;
            case DhcpReader.ServerPort or DhcpReader.ClientPort:
                return DhcpReader.TryRead(payload, origin, out var dhcp) ? dhcp : null;
            case DhcpV6Reader.ServerPort or DhcpV6Reader.ClientPort:
                return DhcpV6Reader.TryRead(payload, origin, out var dhcpV6) ? dhcpV6 : null;
            default:
                return null;
        }
    }
}
