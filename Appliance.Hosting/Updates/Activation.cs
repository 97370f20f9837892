namespace Appliance.Hosting.Updates;

/// <summary>What was started last, and out of what: how a node that came back in the old slot knows. The id is of the boot in which it was asked for.</summary>
internal sealed record Activation(string FromVersion, string FromSlot, string ToVersion, string ToSlot, string BootId);
