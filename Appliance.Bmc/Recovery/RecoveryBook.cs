namespace Appliance.Bmc.Recovery;

/// <summary>All that recovery remembers: the policy with the number of its change, and the slots.</summary>
internal sealed record RecoveryBook(long Revision, RecoveryPolicy Policy, IReadOnlyList<SlotRecovery> Slots);
