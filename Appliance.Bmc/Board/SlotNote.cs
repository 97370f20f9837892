namespace Appliance.Bmc.Board;

/// <summary>What the board notes about a slot: texts that people gave, and how long it has been on.</summary>
internal sealed record SlotNote(string Name, string Module, TimeSpan? PowerOnTime);
