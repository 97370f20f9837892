using Appliance.Bmc.Board;

namespace Appliance.Bmc.Flashing;

/// <summary>What a slot's console has printed since a moment, though most firmware tells its last 16 KiB again each time.</summary>
internal sealed class ConsoleTail(SlotNumber slot)
{
    // Enough to be found again only where it is; what a console repeats line by line is shorter.
    private const int OverlapLetters = 2048;
    private const int LongestTail = 64 * 1024;

    private string _seen = "";
    private string _tail = "";

    /// <summary>Forgets all up to now.</summary>
    public async Task StartAsync(IBoard board, CancellationToken token)
    {
        _seen = await board.ReadConsoleAsync(slot, token);
        _tail = "";
    }

    /// <summary>All that was printed since the start, the oldest left out where it is long.</summary>
    public async Task<string> ReadAsync(IBoard board, CancellationToken token)
    {
        var now = await board.ReadConsoleAsync(slot, token);
        var tail = _tail + New(_seen, now);
        _seen = now;
        return _tail = tail.Length > LongestTail ? tail[^LongestTail..] : tail;
    }

    private static string New(string before, string now)
    {
        if (before.Length == 0 || now.StartsWith(before, StringComparison.Ordinal))
        {
            return now[before.Length..];
        }

        var mark = before[^Math.Min(before.Length, OverlapLetters)..];
        var at = now.LastIndexOf(mark, StringComparison.Ordinal);
        return at >= 0 ? now[(at + mark.Length)..] : now;
    }
}
