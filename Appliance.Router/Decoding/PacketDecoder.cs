using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Appliance.Router.Capture;
using Appliance.Router.Decoding.Tunnels;

namespace Appliance.Router.Decoding;

/// <summary>Reads the headers of a frame, from the link to the transport.</summary>
internal static class PacketDecoder
{
    private const int IcmpHeaderLength = 8;

    // In place of a header's length: what follows may be a packet of its own.
    private const int Tunneled = -1;

    /// <summary>Ethernet pads shorter packets to this, so a packet beyond it is no padding.</summary>
    private const int MinEthernetPayload = 46;

    /// <summary>False when the frame is cut short, contradicts itself or carries neither IP nor ARP.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryDecode(in Frame frame, out Packet packet)
    {
        packet = default;
        packet.Time = frame.Time;
        if (!LinkLayer.TryRead(frame, ref packet, out var type, out var offset))
        {
            return false;
        }

        return TryDecodeNetwork(type, frame.Bytes[offset..], frame.OriginalLength - offset, ref packet);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryDecodeNetwork(ushort type, ReadOnlySpan<byte> bytes, long onWire, ref Packet packet)
    {
        switch (type)
        {
            case EtherType.IPv4:
                return TryDecodeIPv4(bytes, onWire, ref packet);
            case EtherType.IPv6:
                return TryDecodeIPv6(bytes, onWire, ref packet);
            case EtherType.Arp when ArpMessage.TryRead(bytes, out var neighbor):
                packet.Neighbor = neighbor with { FrameMac = packet.SourceMac, VlanId = packet.VlanId };
                return true;
            case EtherType.PppoeSession:
                return TryDecodePppoe(bytes, onWire, ref packet);
            default:
                return false;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryDecodeIPv4(ReadOnlySpan<byte> bytes, long onWire, ref Packet packet)
    {
        if (!IPv4Header.TryRead(bytes, out var header))
        {
            return false;
        }

        packet.IsIP = true;
        packet.IsIPv4 = true;
        packet.Source = IPAddresses.FromIPv4(header.Source);
        packet.Destination = IPAddresses.FromIPv4(header.Destination);
        packet.Protocol = header.Protocol;
        packet.Fragment = header.Fragment;

        // Zero: captured before the network card cut a large segment into packets, so the frame itself tells the length.
        packet.IPBytes = header.TotalLength == 0 ? onWire : Math.Min(header.TotalLength, onWire);
        DecodeTransport(bytes, header.Length, ref packet);
        if (header.Fragment.IsPart)
        {
            Widen(bytes, header.Length, ref packet);
        }

        return true;
    }

    private static bool TryDecodeIPv6(ReadOnlySpan<byte> bytes, long onWire, ref Packet packet)
    {
        if (!IPv6Header.TryRead(bytes, out var header))
        {
            return false;
        }

        packet.IsIP = true;
        packet.Source = header.Source;
        packet.Destination = header.Destination;
        packet.Protocol = header.Protocol;
        packet.Fragment = header.Fragment;
        packet.HopLimit = header.HopLimit;

        // Zero is a large segment here too, but it may also be an empty packet that Ethernet has padded.
        var isLarge = header.PayloadLength == 0 && onWire > MinEthernetPayload;
        packet.IPBytes = isLarge ? onWire : Math.Min(IPv6Header.FixedLength + header.PayloadLength, onWire);
        if (header.IsComplete)
        {
            DecodeTransport(bytes, header.Length, ref packet);
        }

        if (header.Fragment.IsPart)
        {
            Widen(bytes, header.FragmentStart, ref packet);
        }

        return true;
    }

    // What a fragment carries begins before the transport's header, and in IPv6 other headers may come first.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Widen(ReadOnlySpan<byte> bytes, int start, ref Packet packet)
    {
        if (start < packet.IPBytes && packet.IPBytes <= bytes.Length)
        {
            var piece = bytes[start..(int)packet.IPBytes];
            packet.HeaderBytes = piece.Length - packet.Payload.Length;
            packet.Payload = piece;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DecodeTransport(ReadOnlySpan<byte> bytes, int offset, ref Packet packet)
    {
        if (packet.Fragment.IsLater || packet.IPBytes <= offset)
        {
            return;
        }

        // Behind the IP packet's end there is padding or a frame check sequence.
        var captured = bytes[..(int)Math.Min(bytes.Length, packet.IPBytes)][offset..];
        var headerLength = packet.Protocol switch
        {
            IPProtocol.Tcp => DecodeTcp(captured, ref packet),
            IPProtocol.Udp => DecodeUdp(captured, ref packet),
            IPProtocol.Icmp or IPProtocol.IcmpV6 => DecodeIcmp(captured, ref packet),
            IPProtocol.Sctp => DecodeSctp(captured, ref packet),
            IPProtocol.IPv4 or IPProtocol.IPv6 or IPProtocol.Gre => Tunneled,
            _ => 0,
        };
        if (headerLength == Tunneled)
        {
            if (TryEnter(bytes[..(offset + captured.Length)], offset, ref packet))
            {
                return;
            }

            headerLength = packet.Protocol == IPProtocol.Udp ? UdpHeader.Length : 0;
        }

        packet.PayloadBytes = (int)Math.Clamp(packet.IPBytes - offset - headerLength, 0, int.MaxValue);
        packet.Payload = captured[Math.Min(headerLength, captured.Length)..];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int DecodeTcp(ReadOnlySpan<byte> segment, ref Packet packet)
    {
        if (!TcpHeader.TryRead(segment, out var header))
        {
            return int.MaxValue;
        }

        packet.SourcePort = header.SourcePort;
        packet.DestinationPort = header.DestinationPort;
        packet.TcpFlags = header.Flags;
        packet.TcpSequence = header.Sequence;
        packet.TcpAcknowledgment = header.Acknowledgment;
        return header.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int DecodeUdp(ReadOnlySpan<byte> datagram, ref Packet packet)
    {
        if (!UdpHeader.TryRead(datagram, out var header))
        {
            return int.MaxValue;
        }

        packet.SourcePort = header.SourcePort;
        packet.DestinationPort = header.DestinationPort;
        return header.DestinationPort == TunnelHeader.VxlanPort ? Tunneled : UdpHeader.Length;
    }

    // Only the ports are wanted: its chunks are no payload of one application.
    private static int DecodeSctp(ReadOnlySpan<byte> segment, ref Packet packet)
    {
        DecodeUdp(segment, ref packet);
        return int.MaxValue;
    }

    private static int DecodeIcmp(ReadOnlySpan<byte> message, ref Packet packet)
    {
        if (message.Length < 2)
        {
            return int.MaxValue;
        }

        packet.SourcePort = message[0];
        packet.IcmpCode = message[1];
        packet.DestinationPort = IcmpTypes.OppositeOf(packet.Protocol, message[0]) ?? message[1];
        packet.IcmpRest = message.Length < IcmpHeaderLength ? 0 : BinaryPrimitives.ReadUInt32BigEndian(message[4..]);

        // What a router has passed on is not from the neighborhood, and no host believes it (RFC 4861, 7.1).
        if (packet.Protocol == IPProtocol.IcmpV6 && packet.HopLimit == byte.MaxValue && NeighborDiscovery.TryRead(message, packet.Source, packet.SourceMac, out var neighbor))
        {
            packet.Neighbor = neighbor with { FrameMac = packet.SourceMac, VlanId = packet.VlanId };
        }

        return IcmpHeaderLength;
    }

    private static bool TryDecodePppoe(ReadOnlySpan<byte> bytes, long onWire, ref Packet packet)
    {
        if (!packet.Outer.IsEmpty || !TunnelHeader.TryReadPppoe(bytes, out var type, out var length))
        {
            return false;
        }

        packet.Outer = bytes[..TunnelHeader.PppoeSessionLength];
        var inner = bytes[TunnelHeader.PppoeSessionLength..];
        return TryDecodeNetwork(type, inner[..Math.Min(inner.Length, length)], Math.Min(length, onWire - TunnelHeader.PppoeSessionLength), ref packet);
    }

    // One level deep: a tunnel within a tunnel, and one whose packets are fragments, stays closed and counts as a flow between its ends.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryEnter(ReadOnlySpan<byte> bytes, int offset, ref Packet packet)
    {
        if (!packet.Outer.IsEmpty || packet.Fragment.IsFirst || !TunnelHeader.TryRead(packet.Protocol, bytes[offset..], out var tunnel))
        {
            return false;
        }

        var start = offset + tunnel.Length;
        var onWire = packet.IPBytes - start;
        var inner = new Packet { Time = packet.Time, SourceMac = packet.SourceMac, DestinationMac = packet.DestinationMac, VlanId = packet.VlanId, Outer = bytes[..start] };
        var isDecoded = tunnel.Type == EtherType.Ethernet
            ? TryDecodeInnerFrame(bytes[start..], onWire, ref inner)
            : TryDecodeNetwork(tunnel.Type, bytes[start..], onWire, ref inner);
        if (isDecoded)
        {
            packet = inner;
        }

        return isDecoded;
    }

    private static bool TryDecodeInnerFrame(ReadOnlySpan<byte> bytes, long onWire, ref Packet packet)
    {
        if (!EthernetHeader.TryRead(bytes, out var header))
        {
            return false;
        }

        packet.SourceMac = header.Source;
        packet.DestinationMac = header.Destination;
        packet.VlanId = header.VlanId;
        return TryDecodeNetwork(header.EtherType, bytes[header.Length..], onWire - header.Length, ref packet);
    }
}
