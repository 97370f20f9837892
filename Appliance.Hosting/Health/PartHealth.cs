namespace Appliance.Hosting.Health;

/// <summary>The state of one part of a role since a moment, and in words why.</summary>
public sealed record PartHealth(string Part, PartState State, string Text, DateTimeOffset ChangeTime);
