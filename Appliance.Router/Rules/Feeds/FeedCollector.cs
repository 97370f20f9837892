namespace Appliance.Router.Rules.Feeds;

/// <summary>Gathers the lines of one feed; beyond a bound it counts on and keeps nothing more.</summary>
internal sealed class FeedCollector(FeedFormat format, FeedOptions limits)
{
    private readonly List<UInt128> _hosts4 = [];
    private readonly List<UInt128> _hosts6 = [];
    private readonly List<AddressSpan> _networks4 = [];
    private readonly List<AddressSpan> _networks6 = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private int _lines;
    private int _rejected;
    private int _entries;
    private int _namesRead;
    private bool _isMarkup;

    public void Add(ReadOnlySpan<byte> text)
    {
        var line = FeedLine.Read(format, text);
        if (line.Kind == LineKind.Silent)
        {
            return;
        }

        _isMarkup |= _lines == 0 && text.TrimStart(" \t"u8).StartsWith("<"u8);
        _lines++;
        var isTaken = line.Kind switch
        {
            LineKind.Entry => TryAdd(line.Range),
            LineKind.Names => TryAdd(line.Names),
            _ => false,
        };
        _rejected += isTaken ? 0 : 1;
    }

    /// <summary>Counts a line that is too long to be read.</summary>
    public void Reject()
    {
        _lines++;
        _rejected++;
    }

    public FeedReading Finish(bool isCut)
    {
        var isOverLong = _entries > limits.MaxEntries || _namesRead > limits.MaxNames;
        var reading = isOverLong ? FeedReading.Empty : new FeedReading(
            new FeedAddresses(FamilyAddresses.Merge(_hosts4, _networks4), FamilyAddresses.Merge(_hosts6, _networks6)),
            [.. _names.Order(StringComparer.Ordinal)]);
        return reading with
        {
            Lines = _lines,
            RejectedLines = _rejected,
            EntriesRead = _entries,
            NamesRead = _namesRead,
            IsMarkup = _isMarkup,
            IsCut = isCut,
        };
    }

    private bool TryAdd(TargetRange range)
    {
        var is4 = range.Kind == TargetKind.Address4;
        if (range.PrefixLength < (is4 ? limits.ShortestPrefix4 : limits.ShortestPrefix6) || ReservedNetworks.Overlap(range))
        {
            return false;
        }

        if (++_entries > limits.MaxEntries)
        {
            return true;
        }

        if (range.PrefixLength == range.First.Length * 8)
        {
            (is4 ? _hosts4 : _hosts6).Add(range.First.Value);
        }
        else
        {
            (is4 ? _networks4 : _networks6).Add(ReservedNetworks.ToSpan(range));
        }

        return true;
    }

    // The host's own names at the head of such lists are no fault of theirs.
    private bool TryAdd(ReadOnlySpan<byte> names)
    {
        var isReadable = true;
        while (!names.IsEmpty)
        {
            names = names.TrimStart(" \t"u8);
            var end = names.IndexOfAny(" \t"u8);
            var text = end < 0 ? names : names[..end];
            names = end < 0 ? default : names[end..];
            if (NameText.Read(text) is not { } name)
            {
                isReadable &= !text.Contains((byte)'.') || AddressText.TryRead(text, out _);
            }
            else if (++_namesRead <= limits.MaxNames)
            {
                _names.Add(name);
            }
        }

        return isReadable;
    }
}
