using System.Buffers.Binary;
using Appliance.Router.Rules;
using static Appliance.Router.Nftables.ConntrackAttributes;

namespace Appliance.Router.Nftables;

/// <summary>Deletion of tracked connections by address (linux/netfilter/nfnetlink_conntrack.h).</summary>
internal static class ConntrackCodec
{
    private const ushort FilterOriginal = 1;
    private const ushort FilterReply = 2;
    private const uint BySource = 1;

    /// <summary>Writes one message that deletes the connections begun by, or answered by, an address.</summary>
    /// <remarks>The filter needs kernel 6.8. Older ones look for a whole tuple instead and answer EINVAL, so nothing else is ever deleted.</remarks>
    public static void WriteDelete(ref MessageWriter writer, uint sequence, BlockTarget address, bool isReply)
    {
        var isIPv4 = address.Kind == TargetKind.Address4;
        var message = writer.Begin(
            NetlinkProtocol.DeleteConnection,
            NetlinkProtocol.Request | NetlinkProtocol.Acknowledge,
            sequence,
            isIPv4 ? NetlinkProtocol.FamilyIPv4 : NetlinkProtocol.FamilyIPv6);
        var tuple = writer.BeginNested(isReply ? TupleReply : TupleOriginal);
        var addresses = writer.BeginNested(TupleAddresses);
        Span<byte> bytes = stackalloc byte[16];
        writer.Bytes(isIPv4 ? Source4 : Source6, bytes[..address.Write(bytes)]);
        writer.EndNested(addresses);
        writer.EndNested(tuple);
        var filter = writer.BeginNested(Filter);
        // These flags are in host order, unlike netfilter's other numbers.
        Span<byte> flags = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(flags, BySource);
        writer.Bytes(isReply ? FilterReply : FilterOriginal, flags);
        writer.EndNested(filter);
        writer.End(message);
    }
}
