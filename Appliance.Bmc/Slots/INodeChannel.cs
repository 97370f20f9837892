using Appliance.Bmc.Board;

namespace Appliance.Bmc.Slots;

/// <summary>A slot's node by itself, without the board: the second channel, which tells whether what is powered also works.</summary>
internal interface INodeChannel
{
    /// <summary>True when the configuration says how the slot's node is reached.</summary>
    bool Knows(SlotNumber slot);

    /// <summary>Asks the node; never throws for a node that does not answer, the reading says so.</summary>
    Task<NodeReading> AskAsync(SlotNumber slot, CancellationToken token);

    /// <summary>Asks a role of the node to stop in order; its unit starts it again.</summary>
    Task RestartRoleAsync(SlotNumber slot, string reason, CancellationToken token);

    Task RebootAsync(SlotNumber slot, string reason, CancellationToken token);

    Task ShutdownAsync(SlotNumber slot, string reason, CancellationToken token);
}
