using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Slots;

/// <summary>Lets a slot's node write its disks and stop before its power is cut.</summary>
internal sealed partial class NodeShutdown(INodeChannel nodes, SlotGuard guard, SlotPauses pauses, IOptions<SlotOptions> options, ILogger<NodeShutdown> logger)
{
    // Once the machine's network is down, file systems are still written; on a CM4 with its system on eMMC that takes about a second.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    // Roles stop long before the network does, so where that cannot be seen more time is given.
    private static readonly TimeSpan BlindSettling = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>How long a caller may let a node take.</summary>
    public static SpanBounds Limits { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));

    /// <summary>Returns when the slot may be cut, with how it came to that; goes on without its caller once the node has taken the order.</summary>
    public async Task<string> QuietAsync(SlotOrder order, CancellationToken token)
    {
        var limit = order.ShutdownLimit ?? options.Value.ShutdownLimit;
        var how = await ReasonNotToAskAsync(order, token)
            ?? (await WaitAsync(order.Slot, limit) ? "the node shut down" : $"the node did not shut down within {limit.TotalSeconds:0} s");
        LogQuiet(order.Slot.Number, how);
        return how;
    }

    private async Task<string?> ReasonNotToAskAsync(SlotOrder order, CancellationToken token)
    {
        if (order.Cut)
        {
            return "the node was not asked, as ordered";
        }

        if (guard.HostsThisRole(order.Slot))
        {
            return "the node was not asked: this role runs on it, and could not cut it afterwards";
        }

        if (!nodes.Knows(order.Slot))
        {
            return "the configuration names no node to ask";
        }

        // Whoever is silent is not given the time that an order takes to fail.
        if (await nodes.AskAsync(order.Slot, token) is { Answers: false } silent)
        {
            return $"the node does not answer ({silent.Failure})";
        }

        try
        {
            await nodes.ShutdownAsync(order.Slot, $"ordered by {order.Caller}", token);
            return null;
        }
        catch (UnreachableException error)
        {
            return $"the node refused ({error.Message})";
        }
    }

    private async Task<bool> WaitAsync(SlotNumber slot, TimeSpan limit)
    {
        var deadline = pauses.Now + limit;
        while (pauses.Now < deadline)
        {
            var reading = await nodes.AskAsync(slot, CancellationToken.None);
            if (reading is { Answers: false, Pings: not true })
            {
                await PauseAsync(slot, reading.Pings is null ? BlindSettling : Settling);
                return true;
            }

            await PauseAsync(slot, BetweenLooks);
        }

        return false;
    }

    private async Task PauseAsync(SlotNumber slot, TimeSpan time)
    {
        if (!await pauses.PauseAsync(time))
        {
            // A node that is writing its disks is worse off cut than left powered.
            throw new BusyException("ROLE_STOPS", $"This role stops while the node in slot {slot} shuts down; the slot is still powered. Switch it when the role is back.");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Slot {Slot} may be cut: {How}.")]
    private partial void LogQuiet(int slot, string how);
}
