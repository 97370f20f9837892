namespace Appliance.Router.Nftables;

/// <summary>The number of the ruleset in force, and who made it, from netlink bytes (enum nft_gen_attributes).</summary>
internal static class GenerationCodec
{
    private const ushort Number = 1;
    private const ushort ProcessId = 2;
    private const ushort ProcessName = 3;

    public static void WriteGet(ref MessageWriter writer, uint sequence) =>
        writer.End(writer.Begin(NetlinkProtocol.GetGeneration, NetlinkProtocol.Request | NetlinkProtocol.Acknowledge, sequence, NetlinkProtocol.FamilyUnspecified));

    public static bool TryRead(ReadOnlySpan<byte> payload, out RulesetGeneration generation)
    {
        generation = default;
        if (payload.Length < NetlinkProtocol.FamilyHeaderLength)
        {
            return false;
        }

        var attributes = payload[NetlinkProtocol.FamilyHeaderLength..];
        var number = AttributeReader.Find(attributes, Number);
        if (number.Length != sizeof(uint))
        {
            return false;
        }

        generation = new RulesetGeneration(
            AttributeReader.Number32(number),
            AttributeReader.Number32(AttributeReader.Find(attributes, ProcessId)),
            AttributeReader.Text(AttributeReader.Find(attributes, ProcessName)));
        return true;
    }
}
