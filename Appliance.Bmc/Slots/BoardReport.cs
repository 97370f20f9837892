using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Slots;

/// <summary>All that the board tells of itself; what it does not tell is left out.</summary>
internal sealed record BoardReport(BoardFacts? Facts, bool Answers, BoardResources Resources, IReadOnlyList<Fan> Fans, UsbRoute? Usb)
{
    public static async Task<BoardReport> AskAsync(IBoard board, SlotMonitor monitor, CancellationToken token)
    {
        await monitor.ObserveAsync(token);
        var (facts, answers) = monitor.Board;
        if (!answers)
        {
            return new BoardReport(facts, Answers: false, BoardResources.None, [], Usb: null);
        }

        return new BoardReport(
            facts,
            Answers: true,
            await OrNothingAsync(() => board.GetResourcesAsync(token)) ?? BoardResources.None,
            await OrNothingAsync(() => board.GetFansAsync(token)) ?? [],
            await OrNothingAsync(() => board.GetUsbAsync(token)));
    }

    // One thing that a board refuses to tell must not hide the others.
    private static async Task<T?> OrNothingAsync<T>(Func<Task<T>> ask)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (Exception error) when (error is UnreachableException or BusyException)
        {
            return null;
        }
    }
}
