namespace Appliance.Router.Nftables;

/// <summary>Tables, and sets without a look at what their elements mean, from netlink bytes (enums nft_table_attributes, nft_set_attributes, nft_set_elem_attributes).</summary>
internal static class SetCodec
{
    private const ushort TableName = 1;
    private const ushort TableHandle = 4;
    private const ushort SetTable = 1;
    private const ushort SetName = 2;
    private const ushort SetFlags = 3;
    private const ushort ListTable = 1;
    private const ushort ListSet = 2;
    private const ushort ListElements = 3;
    private const ushort ListElement = 1;
    private const ushort Key = 1;
    private const ushort Flags = 3;
    private const ushort KeyEnd = 10;

    public static void WriteGetTable(ref MessageWriter writer, uint sequence, string table)
    {
        var message = writer.Begin(NetlinkProtocol.GetTable, NetlinkProtocol.Request | NetlinkProtocol.Acknowledge, sequence, NetlinkProtocol.FamilyInet);
        writer.Text(TableName, table);
        writer.End(message);
    }

    /// <summary>The kernel's number for a table; one that is made anew has another.</summary>
    public static ulong ReadTableHandle(ReadOnlySpan<byte> payload) =>
        AttributeReader.Number64(AttributeReader.Find(Attributes(payload), TableHandle));

    public static void WriteDumpSets(ref MessageWriter writer, uint sequence, string table)
    {
        var message = writer.Begin(NetlinkProtocol.GetSet, NetlinkProtocol.Request | NetlinkProtocol.Dump, sequence, NetlinkProtocol.FamilyInet);
        writer.Text(SetTable, table);
        writer.End(message);
    }

    public static bool TryReadSet(ReadOnlySpan<byte> payload, out ListedSet set)
    {
        var attributes = Attributes(payload);
        var name = AttributeReader.Find(attributes, SetName);
        set = new ListedSet(AttributeReader.Text(name), AttributeReader.Number32(AttributeReader.Find(attributes, SetFlags)));
        return !name.IsEmpty;
    }

    public static void WriteDumpElements(ref MessageWriter writer, uint sequence, string table, string set)
    {
        var message = writer.Begin(NetlinkProtocol.GetElement, NetlinkProtocol.Request | NetlinkProtocol.Dump, sequence, NetlinkProtocol.FamilyInet);
        writer.Text(ListTable, table);
        writer.Text(ListSet, set);
        writer.End(message);
    }

    /// <summary>Adds the elements of one message of a dump to a fingerprint.</summary>
    public static SetFingerprint Add(SetFingerprint print, ReadOnlySpan<byte> payload)
    {
        var (count, sum) = (print.Count, print.Sum);
        var reader = new AttributeReader(AttributeReader.Find(Attributes(payload), ListElements));
        while (reader.TryRead(out var type, out var element))
        {
            if (type == ListElement)
            {
                count++;
                sum = unchecked(sum + Hash(element));
            }
        }

        return print with { Count = count, Sum = sum };
    }

    // A range is two elements, of which one carries a flag as its end.
    private static ulong Hash(ReadOnlySpan<byte> element)
    {
        var hash = new HashCode();
        hash.AddBytes(AttributeReader.Find(element, Key));
        hash.AddBytes(AttributeReader.Find(element, Flags));
        hash.AddBytes(AttributeReader.Find(element, KeyEnd));
        return unchecked((uint)hash.ToHashCode());
    }

    private static ReadOnlySpan<byte> Attributes(ReadOnlySpan<byte> payload) =>
        payload.Length < NetlinkProtocol.FamilyHeaderLength ? default : payload[NetlinkProtocol.FamilyHeaderLength..];
}
