namespace Appliance.Router.Rules.Feeds;

/// <summary>One line of a feed, read.</summary>
internal readonly ref struct FeedLine(LineKind kind, TargetRange range, ReadOnlySpan<byte> names)
{
    /// <summary>Says which of the others is set.</summary>
    public LineKind Kind { get; } = kind;

    /// <summary>Set for an entry.</summary>
    public TargetRange Range { get; } = range;

    /// <summary>Set for names: all that stands behind the address.</summary>
    public ReadOnlySpan<byte> Names { get; } = names;

    public static FeedLine Silent => default;

    public static FeedLine Unreadable => new(LineKind.Unreadable, default, default);

    public static FeedLine Read(FeedFormat format, ReadOnlySpan<byte> line)
    {
        line = line.Trim(" \t\r\f\v"u8);
        return format switch
        {
            FeedFormat.Hosts => ReadHosts(Uncommented(line, "#"u8)),
            FeedFormat.SpamhausDrop when line.StartsWith("{"u8) => ReadJson(line),
            _ => ReadRange(Uncommented(line, "#;"u8)),
        };
    }

    private static FeedLine ReadRange(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return Silent;
        }

        return AddressText.TryReadRange(text, out var range) ? new FeedLine(LineKind.Entry, range, default) : Unreadable;
    }

    // {"cidr":"192.0.2.0/24","sblid":"SBL1","rir":"arin"}, and {"type":"metadata",…} at the end.
    private static FeedLine ReadJson(ReadOnlySpan<byte> line)
    {
        if (!FlatJson.TryFind(line, "cidr"u8, out var network))
        {
            return Unreadable;
        }

        if (!network.IsEmpty)
        {
            return ReadRange(network);
        }

        return FlatJson.TryFind(line, "type"u8, out var type) && !type.IsEmpty ? Silent : Unreadable;
    }

    // hosts(5). An address that leads nowhere makes the line one about its names; any other address is itself what
    // the list is about, and the names behind it are left alone.
    private static FeedLine ReadHosts(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return Silent;
        }

        var end = text.IndexOfAny(" \t"u8);
        var first = end < 0 ? text : text[..end];
        if (!AddressText.TryRead(first, out var address))
        {
            return Unreadable;
        }

        if (!IsNowhere(address))
        {
            return new FeedLine(LineKind.Entry, TargetRange.Of(address), default);
        }

        return end < 0 ? Unreadable : new FeedLine(LineKind.Names, default, text[end..]);
    }

    private static bool IsNowhere(BlockTarget address) => address.Kind == TargetKind.Address4
        ? address.Value == 0 || address.Value >> 24 == 127
        : address.Value <= 1;

    private static ReadOnlySpan<byte> Uncommented(ReadOnlySpan<byte> line, ReadOnlySpan<byte> marks)
    {
        var mark = line.IndexOfAny(marks);
        return mark < 0 ? line : line[..mark].TrimEnd(" \t"u8);
    }
}
