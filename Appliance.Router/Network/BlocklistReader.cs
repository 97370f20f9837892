using System.Buffers;
using System.Net;

namespace Appliance.Router.Network;

/// <summary>Reads names out of a list: lines of a hosts file, whose names follow an address, or a name a line. Passes over what it does not understand, and counts it.</summary>
internal ref struct BlocklistReader(ReadOnlySpan<byte> file)
{
    private static readonly SearchValues<byte> AddressBytes = SearchValues.Create("0123456789abcdefABCDEF.:"u8);

    private ReadOnlySpan<byte> _file = file;
    private ReadOnlySpan<byte> _line;

    /// <summary>Lines that had something in them, but not what a list has.</summary>
    public int RefusedCount { get; private set; }

    public bool TryNext(out ReadOnlySpan<byte> name)
    {
        while (true)
        {
            while (TryWord(out name))
            {
                if (NetworkNames.IsListed(name))
                {
                    return true;
                }

                // The names that each hosts file begins with (localhost and its like) are no fault, and are not blocked.
                if (!IsOfTheHost(name))
                {
                    RefusedCount++;
                    _line = default;
                }
            }

            if (!TryLine())
            {
                name = default;
                return false;
            }
        }
    }

    private static bool IsOfTheHost(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("localhost"u8) || name.SequenceEqual("local"u8) || name.SequenceEqual("broadcasthost"u8) || name.StartsWith("ip6-"u8);

    private bool TryLine()
    {
        if (_file.IsEmpty)
        {
            return false;
        }

        var end = _file.IndexOf((byte)'\n');
        _line = end < 0 ? _file : _file[..end];
        _file = end < 0 ? default : _file[(end + 1)..];
        var remark = _line.IndexOf((byte)'#');
        _line = remark < 0 ? _line : _line[..remark];

        var whole = _line;
        if (!TryWord(out var first) || !IsAddress(first))
        {
            // A name alone; what follows it makes it no list's line.
            _line = whole.Trim(" \t\r"u8);
            if (_line.ContainsAny((byte)' ', (byte)'\t'))
            {
                RefusedCount++;
                _line = default;
            }
        }

        return true;
    }

    private bool TryWord(out ReadOnlySpan<byte> word)
    {
        _line = _line.TrimStart(" \t\r"u8);
        var end = _line.IndexOfAny(" \t\r"u8);
        word = end < 0 ? _line : _line[..end];
        _line = end < 0 ? default : _line[(end + 1)..];
        return !word.IsEmpty;
    }

    private static bool IsAddress(ReadOnlySpan<byte> word) =>
        !word.ContainsAnyExcept(AddressBytes) && (word.Contains((byte)':') || word.Count((byte)'.') == 3) && IPAddress.TryParse(word, out _);
}
