using Appliance.Router.Decoding;
using Appliance.Router.Traffic;
using static Appliance.Router.Nftables.ConntrackAttributes;

namespace Appliance.Router.Nftables;

/// <summary>What is asked of the kernel about tracked connections.</summary>
internal static class ConntrackRequest
{
    /// <summary>Asks for all connections of all families.</summary>
    public static void WriteDump(ref MessageWriter writer, uint sequence) =>
        writer.End(writer.Begin(NetlinkProtocol.GetConnection, NetlinkProtocol.Request | NetlinkProtocol.Dump, sequence, NetlinkProtocol.FamilyUnspecified));

    /// <summary>Deletes the connection with this tuple if it also has this number: another one may have the tuple by now.</summary>
    /// <remarks>
    /// The number is a hash of the tuple and of the entry's place in memory (nf_ct_get_id), so it tells the two apart unless the later
    /// one was put at the same place. A deletion without a tuple would empty the whole table, so it always stands first and whole.
    /// </remarks>
    public static void WriteDelete(ref MessageWriter writer, uint sequence, ConnectionName name)
    {
        var message = writer.Begin(
            NetlinkProtocol.DeleteConnection,
            NetlinkProtocol.Request | NetlinkProtocol.Acknowledge,
            sequence,
            name.Original.IsIPv4 ? NetlinkProtocol.FamilyIPv4 : NetlinkProtocol.FamilyIPv6);
        var tuple = writer.BeginNested(TupleOriginal);
        WriteAddresses(ref writer, name.Original);
        WriteProtocol(ref writer, name.Original);
        writer.EndNested(tuple);
        if (name.Zone != 0)
        {
            writer.Number16(Zone, name.Zone);
        }

        writer.Number32(Id, name.Id);
        writer.End(message);
    }

    /// <summary>Does nothing but be acknowledged, which wakes whoever reads from the socket.</summary>
    public static void WriteNothing(ref MessageWriter writer) => writer.End(
        writer.Begin(NetlinkProtocol.Nothing, NetlinkProtocol.Request | NetlinkProtocol.Acknowledge, 0, NetlinkProtocol.FamilyUnspecified));

    private static void WriteAddresses(ref MessageWriter writer, in ConnectionTuple tuple)
    {
        Span<byte> bytes = stackalloc byte[IPAddresses.IPv6Length];
        var addresses = writer.BeginNested(TupleAddresses);
        writer.Bytes(tuple.IsIPv4 ? Source4 : Source6, bytes[..IPAddresses.Write(tuple.Ends.Source, bytes)]);
        writer.Bytes(tuple.IsIPv4 ? Destination4 : Destination6, bytes[..IPAddresses.Write(tuple.Ends.Destination, bytes)]);
        writer.EndNested(addresses);
    }

    private static void WriteProtocol(ref MessageWriter writer, in ConnectionTuple tuple)
    {
        var ends = tuple.Ends;
        var protocol = writer.BeginNested(TupleProtocol);
        writer.Number8(ProtocolNumber, ends.Protocol);
        if (tuple.IsIcmp)
        {
            var isV6 = ends.Protocol == IPProtocol.IcmpV6;
            writer.Number16(isV6 ? IcmpV6Id : IcmpId, tuple.IcmpId);
            writer.Number8(isV6 ? IcmpV6Type : IcmpType, (byte)ends.SourcePort);
            writer.Number8(isV6 ? IcmpV6Code : IcmpCode, (byte)ends.DestinationPort);
        }
        else
        {
            writer.Number16(SourcePort, ends.SourcePort);
            writer.Number16(DestinationPort, ends.DestinationPort);
        }

        writer.EndNested(protocol);
    }
}
