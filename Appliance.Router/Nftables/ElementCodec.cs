using Appliance.Router.Rules;

namespace Appliance.Router.Nftables;

/// <summary>Set elements to and from netlink bytes (enum nft_set_elem_attributes, nft_limit_attributes).</summary>
internal static class ElementCodec
{
    /// <summary>An IPv6 element with timeout and limit: 4 + 12 + 24 + 68.</summary>
    public const int MaxElementBytes = 108;

    /// <summary>The list is one attribute and its length has 16 bits.</summary>
    public const int MaxElementsPerMessage = 500;

    private const ushort ListTable = 1;
    private const ushort ListSet = 2;
    private const ushort ListElements = 3;
    private const ushort ListElement = 1;
    private const ushort Key = 1;
    private const ushort Timeout = 4;
    private const ushort Expiration = 5;
    private const ushort Expression = 7;
    private const ushort Expressions = 11;
    private const ushort DataValue = 1;
    private const ushort ExpressionName = 1;
    private const ushort ExpressionContent = 2;
    private const ushort LimitRate = 1;
    private const ushort LimitUnit = 2;
    private const ushort LimitBurst = 3;
    private const ushort LimitType = 4;
    private const ushort LimitFlags = 5;
    private const uint LimitInverted = 1;

    /// <summary>Bytes of one message with so many elements, names included.</summary>
    public static int Size(int elements) => 128 + (elements * MaxElementBytes);

    /// <summary>A burst of a tenth of a second, and no less than nft's own default of 5 packets.</summary>
    public static int Burst(int packetsPerSecond) => Math.Max(5, packetsPerSecond / 10);

    /// <summary>Writes one message and returns the offset of its elements, by which errors are told apart.</summary>
    public static int Write(ref MessageWriter writer, ushort type, ushort flags, uint sequence, SetName set, scoped ReadOnlySpan<SetElement> elements)
    {
        var message = writer.Begin(type, (ushort)(NetlinkProtocol.Request | flags), sequence, NetlinkProtocol.FamilyInet);
        writer.Text(ListTable, set.Table);
        writer.Text(ListSet, set.Name);
        var list = writer.BeginNested(ListElements);
        foreach (var element in elements)
        {
            WriteElement(ref writer, element, isKeyOnly: type != NetlinkProtocol.NewElement);
        }

        writer.EndNested(list);
        writer.End(message);
        return list - message;
    }

    public static void WriteDump(ref MessageWriter writer, uint sequence, SetName set)
    {
        var message = writer.Begin(NetlinkProtocol.GetElement, NetlinkProtocol.Request | NetlinkProtocol.Dump, sequence, NetlinkProtocol.FamilyInet);
        writer.Text(ListTable, set.Table);
        writer.Text(ListSet, set.Name);
        writer.End(message);
    }

    /// <summary>Reads the elements of one message of a dump; what is not an address of the kind is passed over.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, TargetKind kind, List<HeldElement> elements)
    {
        if (payload.Length < NetlinkProtocol.FamilyHeaderLength)
        {
            return false;
        }

        var list = AttributeReader.Find(payload[NetlinkProtocol.FamilyHeaderLength..], ListElements);
        var reader = new AttributeReader(list);
        while (reader.TryRead(out var type, out var element))
        {
            if (type == ListElement && TryReadElement(element, kind, out var held))
            {
                elements.Add(held);
            }
        }

        return true;
    }

    private static void WriteElement(ref MessageWriter writer, SetElement element, bool isKeyOnly)
    {
        var start = writer.BeginNested(ListElement);
        if (!isKeyOnly && element.Timeout > TimeSpan.Zero)
        {
            writer.Number64(Timeout, (ulong)Math.Ceiling(element.Timeout.TotalMilliseconds));
        }

        Span<byte> key = stackalloc byte[16];
        var value = writer.BeginNested(Key);
        writer.Bytes(DataValue, key[..element.Key.Write(key)]);
        writer.EndNested(value);
        if (!isKeyOnly && element.PacketsPerSecond > 0)
        {
            WriteLimit(ref writer, element.PacketsPerSecond);
        }

        writer.EndNested(start);
    }

    private static void WriteLimit(ref MessageWriter writer, int packetsPerSecond)
    {
        var expression = writer.BeginNested(Expression);
        writer.Text(ExpressionName, "limit");
        var content = writer.BeginNested(ExpressionContent);
        writer.Number64(LimitRate, (ulong)packetsPerSecond);
        writer.Number64(LimitUnit, 1);
        writer.Number32(LimitBurst, (uint)Burst(packetsPerSecond));
        writer.Number32(LimitType, 0);
        writer.Number32(LimitFlags, LimitInverted);
        writer.EndNested(content);
        writer.EndNested(expression);
    }

    private static bool TryReadElement(ReadOnlySpan<byte> element, TargetKind kind, out HeldElement held)
    {
        var key = AttributeReader.Find(AttributeReader.Find(element, Key), DataValue);
        var target = BlockTarget.FromBytes(kind, key);
        held = default;
        if (key.Length != target.Length)
        {
            return false;
        }

        var expression = AttributeReader.Find(element, Expression);
        if (expression.IsEmpty)
        {
            // A list with one entry says the same as the single form.
            expression = AttributeReader.Find(AttributeReader.Find(element, Expressions), ListElement);
        }

        var rate = AttributeReader.Number64(AttributeReader.Find(AttributeReader.Find(expression, ExpressionContent), LimitRate));
        held = new HeldElement(
            target,
            Milliseconds(AttributeReader.Number64(AttributeReader.Find(element, Timeout))),
            Milliseconds(AttributeReader.Number64(AttributeReader.Find(element, Expiration))),
            (int)Math.Min(rate, int.MaxValue));
        return true;
    }

    private static TimeSpan Milliseconds(ulong count) =>
        TimeSpan.FromTicks((long)Math.Min(count, (ulong)(TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMillisecond)) * TimeSpan.TicksPerMillisecond);
}
