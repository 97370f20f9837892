using Appliance.Detector.Flows;

namespace Appliance.Detector.Detectors.Scans;

/// <summary>The first packet from a source to a host, port and protocol.</summary>
internal readonly record struct Contact(UInt128 Source, UInt128 Destination, ushort Port, byte Protocol, MacAddress SourceMac)
{
    private const ushort FirstEphemeralPort = 32_768; // Linux; others begin at 49152 (RFC 6335, section 6).
    private const ushort FirstTraceroutePort = 33_434;
    private const ushort LastTraceroutePort = 33_689; // 255 hops.
    private const ushort EchoRequest = 8;
    private const ushort EchoRequestV6 = 128;

    /// <summary>False for what is not an attempt to reach one host: answers, group addresses, traces.</summary>
    public static bool TryRead(in Flow flow, out Contact contact)
    {
        var key = flow.Key;
        contact = new Contact(key.Source, key.Destination, key.DestinationPort, key.Protocol, flow.SourceMac);
        if (flow.IsMidstream || IsGroup(flow))
        {
            return false;
        }

        switch (key.Protocol)
        {
            case IpProtocol.Tcp:
                // Later events carry the flags of the whole flow; that it was opened by a SYN is then in IsMidstream.
                return (flow.TcpFlagsOut & TcpFlags.Syn) != 0;
            case IpProtocol.Udp:
                return !IsAnswerLike(key) && key.DestinationPort is < FirstTraceroutePort or > LastTraceroutePort;
            case IpProtocol.Icmp:
                contact = contact with { Port = 0 };
                return key.SourcePort == EchoRequest;
            case IpProtocol.IcmpV6:
                contact = contact with { Port = 0 };
                return key.SourcePort == EchoRequestV6;
            default:
                return false;
        }
    }

    /// <summary>A 64-bit name of host, port and protocol.</summary>
    public ulong Target(ulong seed)
    {
        var hash = Mix(seed ^ (ulong)Destination);
        hash = Mix(hash ^ (ulong)(Destination >> 64));
        return Mix(hash ^ ((ulong)Port << 8) ^ Protocol);
    }

    // A device answers an SSDP or DNS question from its service port to the asker's ephemeral one, each time another.
    private static bool IsAnswerLike(in FlowKey key) =>
        key.DestinationPort >= FirstEphemeralPort && key.SourcePort < FirstEphemeralPort;

    // A directed broadcast can only be told by its frame: the group bit of the destination (IEEE 802, section 8.2).
    private static bool IsGroup(in Flow flow) =>
        AddressText.IsGroup(flow.Key.Destination) || (flow.DestinationMac.Value >> 40 & 1) == 1;

    // The finalizer of SplitMix64 (Steele et al., OOPSLA 2014).
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }
}
