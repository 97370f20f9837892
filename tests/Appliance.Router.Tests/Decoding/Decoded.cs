using Appliance.Router.Capture;
using Appliance.Router.Decoding;

namespace Appliance.Router.Tests.Decoding;

/// <summary>What decoding a frame gave, kept beyond the frame.</summary>
internal sealed record Decoded(
    bool IsDecoded, bool IsIP, string Source, string Destination, byte Protocol, int SourcePort, int DestinationPort, long IPBytes, int PayloadBytes, byte[] Payload)
{
    public MacAddress SourceMac { get; init; }

    public MacAddress DestinationMac { get; init; }

    public int VlanId { get; init; }

    public TcpControl TcpFlags { get; init; }

    public Neighbor Neighbor { get; init; }

    public Fragment Fragment { get; init; }

    public static Decoded Of(byte[] bytes, LinkType link = LinkType.Ethernet, long? originalLength = null, ushort strippedVlan = 0)
    {
        var frame = new Frame(bytes, originalLength ?? bytes.Length, 0, link) { StrippedVlanId = strippedVlan };
        var isDecoded = PacketDecoder.TryDecode(frame, out var packet);
        return new(
            isDecoded,
            packet.IsIP,
            IPAddresses.ToIPAddress(packet.Source).ToString(),
            IPAddresses.ToIPAddress(packet.Destination).ToString(),
            packet.Protocol,
            packet.SourcePort,
            packet.DestinationPort,
            packet.IPBytes,
            packet.PayloadBytes,
            packet.Payload[packet.HeaderBytes..].ToArray())
        {
            SourceMac = packet.SourceMac,
            DestinationMac = packet.DestinationMac,
            VlanId = packet.VlanId,
            TcpFlags = packet.TcpFlags,
            Neighbor = packet.Neighbor,
            Fragment = packet.Fragment,
        };
    }
}
