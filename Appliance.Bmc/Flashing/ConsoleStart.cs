using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;

namespace Appliance.Bmc.Flashing;

/// <summary>The place in a slot's console from which on it counts as proof.</summary>
internal sealed record ConsoleStart(long Position, string Mark)
{
    private const int MarkLetters = 512;

    /// <summary>The place where it is now.</summary>
    public static async Task<ConsoleStart> HereAsync(ConsoleHub consoles, SlotNumber slot, CancellationToken token)
    {
        await consoles.ReadAsync(slot, token);
        var history = consoles.History(slot);
        return new ConsoleStart(consoles.Position(slot), history[^Math.Min(history.Length, MarkLetters)..]);
    }

    /// <summary>The place behind a mark that an earlier life of this program has noted. Where the board no longer holds it, all that it holds is newer.</summary>
    public static async Task<ConsoleStart> BehindAsync(ConsoleHub consoles, SlotNumber slot, string mark, CancellationToken token)
    {
        await consoles.ReadAsync(slot, token);
        var history = consoles.History(slot);
        var at = mark.Length == 0 ? -1 : history.LastIndexOf(mark, StringComparison.Ordinal);
        return new ConsoleStart(at < 0 ? 0 : consoles.Position(slot) - history.Length + at + mark.Length, mark);
    }
}
