using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Appliance.Router.Decoding;

namespace Appliance.Router.Flows;

/// <summary>Community ID v1 of a flow: the name that Zeek, Suricata and Wireshark give it too.</summary>
/// <remarks>https://github.com/corelight/community-id-spec, with the default seed of zero.</remarks>
public static class CommunityId
{
    // SHA-1 in base64, after "1:".
    public const int Length = 30;
    private const int DigestLength = 20;
    private const int SeedLength = 2;
    private const int RestLength = 6;

    public static string Of(in Flow flow)
    {
        Span<byte> text = stackalloc byte[Length];
        Write(flow, text);
        return Encoding.ASCII.GetString(text);
    }

    /// <summary>Writes the 30 characters without allocating.</summary>
    public static void Write(in Flow flow, Span<byte> text)
    {
        var key = flow.Key;
        var tuple = FlowTuple.Of(key.Source, key.Destination, key.SourcePort, OppositePort(key), key.Protocol);
        Span<byte> bytes = stackalloc byte[SeedLength + (2 * IPAddresses.IPv6Length) + RestLength];
        bytes[..SeedLength].Clear();
        var length = SeedLength;
        length += IPAddresses.Write(tuple.Low, bytes[length..]);
        length += IPAddresses.Write(tuple.High, bytes[length..]);
        bytes[length] = key.Protocol;
        bytes[length + 1] = 0;
        length += 2;
        if (HasPorts(key.Protocol))
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes[length..], tuple.LowPort);
            BinaryPrimitives.WriteUInt16BigEndian(bytes[(length + 2)..], tuple.HighPort);
            length += 4;
        }

        Span<byte> digest = stackalloc byte[DigestLength];
#pragma warning disable CA5350 // The published scheme is SHA-1; it names flows and protects nothing.
        SHA1.HashData(bytes[..length], digest);
#pragma warning restore CA5350
        "1:"u8.CopyTo(text);
        System.Buffers.Text.Base64.EncodeToUtf8(digest, text[2..], out _, out _);
    }

    // The key of a flow shows the ICMP code; the scheme wants the opposite type where there is one.
    private static ushort OppositePort(in FlowKey key) => key.Protocol is IPProtocol.Icmp or IPProtocol.IcmpV6
        ? IcmpTypes.OppositeOf(key.Protocol, (byte)key.SourcePort) ?? key.DestinationPort
        : key.DestinationPort;

    private static bool HasPorts(byte protocol) =>
        protocol is IPProtocol.Tcp or IPProtocol.Udp or IPProtocol.Sctp or IPProtocol.Icmp or IPProtocol.IcmpV6;
}
