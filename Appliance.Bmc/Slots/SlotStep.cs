using Appliance.Bmc.Board;

namespace Appliance.Bmc.Slots;

/// <summary>One step of an ordered bring-up or shutdown, and why.</summary>
internal sealed record SlotStep(SlotNumber Slot, SlotStepState State, string Text);
