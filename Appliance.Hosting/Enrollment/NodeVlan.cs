namespace Appliance.Hosting.Enrollment;

/// <summary>A tagged network on the node's port, and the node's own addresses there.</summary>
public sealed record NodeVlan(int Id, IReadOnlyList<string> Addresses);
