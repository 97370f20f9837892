using Appliance.Bmc.Board;
using Appliance.Hosting;

namespace Appliance.Bmc.Slots;

/// <summary>What somebody wants done with a slot, and how far it may go.</summary>
internal sealed record SlotOrder(SlotNumber Slot, string Caller)
{
    /// <summary>Roles of the nodes that the order comes from or through: the slot that hosts one of them is not cut from under the caller.</summary>
    public IReadOnlyList<Role> CallerRoles { get; init; } = [];

    /// <summary>True when a slot that is guarded may be cut, too.</summary>
    public bool AllowCritical { get; init; }

    /// <summary>True when the node is not asked to shut down first.</summary>
    public bool Cut { get; init; }

    /// <summary>How long its node may take to shut down; null for what is configured.</summary>
    public TimeSpan? ShutdownLimit { get; init; }
}
