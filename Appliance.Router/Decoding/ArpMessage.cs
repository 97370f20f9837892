using System.Buffers.Binary;

namespace Appliance.Router.Decoding;

/// <summary>ARP over Ethernet for IPv4 (RFC 826).</summary>
internal static class ArpMessage
{
    private const int Length = 28;
    private const ulong EthernetIPv4 = 0x0001_0800_0604;
    private const ushort RequestOperation = 1;
    private const ushort ReplyOperation = 2;

    /// <summary>Reads a request or a reply; false for other operations and hardware.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out Neighbor neighbor)
    {
        neighbor = default;
        if (message.Length < Length || BinaryPrimitives.ReadUInt64BigEndian(message) >> 16 != EthernetIPv4)
        {
            return false;
        }

        var operation = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        if (operation is not (RequestOperation or ReplyOperation))
        {
            return false;
        }

        var mac = new MacAddress(BinaryPrimitives.ReadUInt64BigEndian(message[6..]) & 0xffff_ffff_ffff);
        var sender = IPAddresses.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(message[14..]));
        var target = IPAddresses.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(message[24..]));
        var kind = operation == RequestOperation ? NeighborKind.Request : NeighborKind.Reply;
        neighbor = new(sender == target ? NeighborKind.Announcement : kind, mac, sender, target, IsIPv4: true);
        return true;
    }
}
