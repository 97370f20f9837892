using Appliance.Hosting.Errors;

namespace Appliance.Hosting.Updates;

/// <summary>One update at a time: two would write to one slot, or start what the other is still writing.</summary>
internal sealed class UpdateTurn
{
    public const string InProgress = "UPDATE_IN_PROGRESS";

    private int _taken;

    /// <summary>Held until it is disposed of; throws while another holds it.</summary>
    public IDisposable Take() => Interlocked.CompareExchange(ref _taken, 1, 0) == 0
        ? new Turn(this)
        : throw new BusyException(InProgress, "Another update of this node is under way; wait for it to end, then try again.");

    private sealed class Turn(UpdateTurn owner) : IDisposable
    {
        public void Dispose() => Volatile.Write(ref owner._taken, 0);
    }
}
