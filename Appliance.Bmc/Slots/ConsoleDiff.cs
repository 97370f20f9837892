using System.Text;

namespace Appliance.Bmc.Slots;

/// <summary>
/// Finds what is new in a console that is read again and again. From firmware 2.3 on the board repeats its last 16 KiB
/// each time; before, a reading empties them.
/// </summary>
/// <remarks>The longest agreement counts, so of text that repeats itself through the whole buffer, such as dots, some is not told.</remarks>
internal sealed class ConsoleDiff
{
    /// <summary>What the board holds of a console, in bytes.</summary>
    public const int Held = 16 * 1024;

    // A shorter agreement of the end of one reading with the beginning of the next may be chance, such as an empty line.
    private const int ShortestOverlap = 16;

    // A character of UTF-8 that the ring cut in two is read as up to three of these.
    private const char Damaged = '\uFFFD';
    private const int MostDamaged = 3;

    private string _before = "";
    private bool _isLost;

    /// <summary>Takes a reading; empty text where nothing is new.</summary>
    public ConsoleOutput Take(string read, bool consumes)
    {
        if (consumes)
        {
            // A full buffer has probably run over.
            return new ConsoleOutput(read, Encoding.UTF8.GetByteCount(read) >= Held);
        }

        // The end of a character may still be on its way; it is told when it is whole.
        var now = read[..^CountDamaged(read.Reverse())];
        var output = now.Length == 0 ? new ConsoleOutput("", false) : Compare(now);
        _isLost = now.Length == 0 ? _isLost || _before.Length > 0 : _isLost && output.Text.Length == 0;
        _before = now;
        return output;
    }

    private static int CountDamaged(IEnumerable<char> letters) => letters.TakeWhile(letter => letter == Damaged).Take(MostDamaged).Count();

    /// <summary>Length of the longest beginning of one text that the other ends with (Knuth, Morris and Pratt).</summary>
    private static int Overlap(string before, string now)
    {
        var fallback = new int[now.Length];
        for (int position = 1, matched = 0; position < now.Length; position++)
        {
            while (matched > 0 && now[position] != now[matched])
            {
                matched = fallback[matched - 1];
            }

            fallback[position] = matched += now[position] == now[matched] ? 1 : 0;
        }

        var length = 0;
        foreach (var letter in before)
        {
            while (length > 0 && (length == now.Length || letter != now[length]))
            {
                length = fallback[length - 1];
            }

            length += letter == now[length] ? 1 : 0;
        }

        return length;
    }

    private ConsoleOutput Compare(string now)
    {
        // The usual cases: nothing new, or more behind what was there.
        if (now.StartsWith(_before, StringComparison.Ordinal))
        {
            return new ConsoleOutput(now[_before.Length..], _isLost && now.Length > _before.Length);
        }

        var cut = CountDamaged(now);
        var whole = now[cut..];
        var overlap = whole.Length == 0 ? 0 : Overlap(_before, whole);
        return overlap >= ShortestOverlap
            ? new ConsoleOutput(whole[overlap..], HasGap: false)
            : new ConsoleOutput(now, HasGap: true);
    }
}
