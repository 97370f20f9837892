namespace Appliance.Bmc.Slots;

/// <summary>A state that other work of this role gives a slot, and why.</summary>
internal sealed record SlotMark(SlotState State, string Text);
