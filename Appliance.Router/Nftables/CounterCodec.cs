namespace Appliance.Router.Nftables;

/// <summary>Named counters from netlink bytes (enum nft_object_attributes, nft_counter_attributes).</summary>
internal static class CounterCodec
{
    private const ushort ObjectTable = 1;
    private const ushort ObjectName = 2;
    private const ushort ObjectType = 3;
    private const ushort ObjectContent = 4;
    private const uint CounterType = 1;
    private const ushort CounterBytes = 1;
    private const ushort CounterPackets = 2;

    public static void WriteDump(ref MessageWriter writer, uint sequence, string table)
    {
        var message = writer.Begin(NetlinkProtocol.GetObject, NetlinkProtocol.Request | NetlinkProtocol.Dump, sequence, NetlinkProtocol.FamilyInet);
        writer.Text(ObjectTable, table);
        writer.Number32(ObjectType, CounterType);
        writer.End(message);
    }

    public static bool TryRead(ReadOnlySpan<byte> payload, out CounterReading reading)
    {
        reading = default;
        if (payload.Length < NetlinkProtocol.FamilyHeaderLength)
        {
            return false;
        }

        var attributes = payload[NetlinkProtocol.FamilyHeaderLength..];
        var name = AttributeReader.Find(attributes, ObjectName);
        var content = AttributeReader.Find(attributes, ObjectContent);
        if (name.IsEmpty || content.IsEmpty)
        {
            return false;
        }

        reading = new CounterReading(
            AttributeReader.Text(name),
            AttributeReader.Number64(AttributeReader.Find(content, CounterPackets)),
            AttributeReader.Number64(AttributeReader.Find(content, CounterBytes)));
        return true;
    }
}
