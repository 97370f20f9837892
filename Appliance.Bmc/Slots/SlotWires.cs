namespace Appliance.Bmc.Slots;

/// <summary>The calls of BmcService that are about the board and its slots.</summary>
internal sealed record SlotWires(BoardWire Board, SlotWire Slots, ConsoleWire Consoles, SequenceWire Sequences);
