namespace Appliance.Bmc.Board;

/// <summary>A storage of the board's controller.</summary>
internal sealed record BoardVolume(string Name, long TotalBytes, long FreeBytes);
