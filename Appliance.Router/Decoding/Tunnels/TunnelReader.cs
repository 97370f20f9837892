using System.Buffers.Binary;
using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Tunnels;

/// <summary>Reads what a packet was wrapped in from the headers that decoding has passed over.</summary>
internal static class TunnelReader
{
    private const int NetworkOffset = UdpHeader.Length + 4;

    /// <summary>The tunnel; null when the headers are none.</summary>
    /// <param name="outer">From the outer IP header, or that of PPPoE, to where the inner packet begins.</param>
    /// <param name="origin">Of the inner packet.</param>
    public static TunnelFact? Read(ReadOnlySpan<byte> outer, in FactOrigin origin)
    {
        if (IPv4Header.TryRead(outer, out var v4))
        {
            return Read(outer[v4.Length..], v4.Protocol, origin, IPAddresses.FromIPv4(v4.Source), IPAddresses.FromIPv4(v4.Destination));
        }

        if (IPv6Header.TryRead(outer, out var v6))
        {
            return Read(outer[v6.Length..], v6.Protocol, origin, v6.Source, v6.Destination);
        }

        return TunnelHeader.TryReadPppoe(outer, out _, out _)
            ? new TunnelFact(origin, TunnelKind.Pppoe, BinaryPrimitives.ReadUInt16BigEndian(outer[2..]), 0, 0)
            : null;
    }

    private static TunnelFact? Read(ReadOnlySpan<byte> rest, byte protocol, in FactOrigin origin, UInt128 source, UInt128 destination) => protocol switch
    {
        IPProtocol.IPv4 or IPProtocol.IPv6 => new(origin, TunnelKind.IPInIP, 0, source, destination),
        IPProtocol.Gre when GreHeader.TryRead(rest, out var gre) => new(origin, TunnelKind.Gre, gre.Key, source, destination),
        IPProtocol.Udp when rest.Length >= NetworkOffset + 4 => new(origin, TunnelKind.Vxlan, BinaryPrimitives.ReadUInt32BigEndian(rest[NetworkOffset..]) >> 8, source, destination),
        _ => null,
    };
}
