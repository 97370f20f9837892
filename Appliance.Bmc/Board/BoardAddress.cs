namespace Appliance.Bmc.Board;

/// <summary>An interface of the board's controller; the address is text, since the board may say "Unknown".</summary>
internal sealed record BoardAddress(string Device, string Address, string Mac);
