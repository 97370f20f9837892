namespace Appliance.Bmc.Board;

/// <summary>A certificate that was trusted when it was first seen.</summary>
internal sealed record FirstUsePin(string Fingerprint, DateTimeOffset Time);
