namespace Appliance.Bmc.Board;

/// <summary>A fan of the board, by the board's own name, at one of its steps; the board measures no turns.</summary>
internal sealed record Fan(string Device, int Speed, int MaxSpeed);
