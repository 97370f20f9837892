namespace Appliance.Bmc.Recovery;

/// <summary>Since when a slot is set aside, and why.</summary>
internal sealed record QuarantineNote(DateTimeOffset Time, string Reason);
