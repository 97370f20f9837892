using Appliance.Bmc.Slots;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Recovery;

/// <summary>Keeps recovery still while the board is away, and for a while after it came back or its daemon restarted: then nobody knows yet what it has done to the rails.</summary>
/// <remarks>A board that answers is the proof that this role's own network works: it hangs on the same switch as the nodes.</remarks>
internal sealed class BoardHold(SlotMonitor monitor, DaemonWatch daemon, IOptions<RecoveryOptions> options)
{
    private DateTimeOffset? _since;

    /// <summary>Null when the board stands in nothing's way.</summary>
    public string? Look(DateTimeOffset now)
    {
        _since = monitor.Board.Answers ? _since ?? now : null;
        return _since is not { } since ? "the board does not answer"
            : now - since < options.Value.BoardTime ? $"the board answers for {(now - since).TotalSeconds:0} s only"
            : now - daemon.LastRestart < options.Value.BoardTime ? "the board's daemon has just restarted"
            : null;
    }
}
