using Appliance.Bmc.Board;
using Appliance.Bmc.NodeFiles;
using Appliance.Hosting;

namespace Appliance.Bmc.Flashing;

/// <summary>What somebody wants flashed.</summary>
/// <param name="Slots">In the order in which they are flashed.</param>
/// <param name="ImageId">An image of the library.</param>
/// <param name="RequestId">The same one again is answered with the first job; empty is never the same.</param>
internal sealed record FlashOrder(IReadOnlyList<SlotNumber> Slots, string ImageId, string RequestId)
{
    /// <summary>A slot that fails does not keep the next ones from being flashed.</summary>
    public bool ContinueAfterFailure { get; init; }

    /// <summary>Console text by which the image is known to run; empty asks for its version.</summary>
    public string ProofText { get; init; } = "";

    /// <summary>Slots that are guarded may be flashed, too.</summary>
    public bool AllowCritical { get; init; }

    /// <summary>What is laid over the image for a slot; without one it is written as it is.</summary>
    public IReadOnlyDictionary<SlotNumber, NodeFileContent> NodeFiles { get; init; } = new Dictionary<SlotNumber, NodeFileContent>();

    /// <summary>Roles of the nodes that the order comes from or through.</summary>
    public IReadOnlyList<Role> CallerRoles { get; init; } = [];
}
