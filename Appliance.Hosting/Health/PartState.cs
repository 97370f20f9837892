namespace Appliance.Hosting.Health;

/// <summary>How a part of a role is doing.</summary>
public enum PartState
{
    Healthy,

    /// <summary>Works with less than it should.</summary>
    Degraded,
    Failed,
}
