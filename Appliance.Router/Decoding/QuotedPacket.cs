using System.Buffers.Binary;

namespace Appliance.Router.Decoding;

/// <summary>The packet that an ICMP error quotes: the one that could not be delivered.</summary>
internal readonly record struct QuotedPacket(UInt128 Source, UInt128 Destination, byte Protocol, ushort SourcePort, ushort DestinationPort)
{
    /// <summary>Reads what follows the 8 bytes of an unreachable message; false when it is no such message or quotes too little.</summary>
    public static bool TryRead(in Packet error, out QuotedPacket quoted)
    {
        quoted = default;
        return error.Protocol switch
        {
            // "Fragmentation needed" is path MTU discovery at work, no refusal.
            IPProtocol.Icmp => error.SourcePort == IcmpTypes.Unreachable && error.IcmpCode != IcmpTypes.FragmentationNeededCode && TryReadIPv4(error.Payload, out quoted),
            IPProtocol.IcmpV6 => error.SourcePort == IcmpTypes.UnreachableV6 && TryReadIPv6(error.Payload, out quoted),
            _ => false,
        };
    }

    private static bool TryReadIPv4(ReadOnlySpan<byte> bytes, out QuotedPacket quoted)
    {
        quoted = default;
        if (!IPv4Header.TryRead(bytes, out var header) || header.Fragment.IsLater)
        {
            return false;
        }

        return TryReadTransport(bytes[header.Length..], IPAddresses.FromIPv4(header.Source), IPAddresses.FromIPv4(header.Destination), header.Protocol, out quoted);
    }

    private static bool TryReadIPv6(ReadOnlySpan<byte> bytes, out QuotedPacket quoted)
    {
        quoted = default;
        if (!IPv6Header.TryRead(bytes, out var header) || header.Fragment.IsLater || !header.IsComplete)
        {
            return false;
        }

        return TryReadTransport(bytes[header.Length..], header.Source, header.Destination, header.Protocol, out quoted);
    }

    private static bool TryReadTransport(ReadOnlySpan<byte> bytes, UInt128 source, UInt128 destination, byte protocol, out QuotedPacket quoted)
    {
        quoted = default;
        if (protocol is not (IPProtocol.Tcp or IPProtocol.Udp or IPProtocol.Sctp) || bytes.Length < 4)
        {
            return false;
        }

        quoted = new(source, destination, protocol, BinaryPrimitives.ReadUInt16BigEndian(bytes), BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]));
        return true;
    }
}
