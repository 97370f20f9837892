namespace Appliance.Hosting.Health;

/// <summary>A change in force that goes back by itself at the deadline unless somebody confirms it.</summary>
public sealed record PendingCommit(string Id, DateTimeOffset Deadline);
