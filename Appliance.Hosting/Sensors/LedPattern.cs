namespace Appliance.Hosting.Sensors;

/// <summary>What a light shows.</summary>
internal enum LedPattern
{
    Off,

    /// <summary>All is well.</summary>
    Steady,

    /// <summary>Degraded: a second on, a second off.</summary>
    Slow,

    /// <summary>Failed: five times a second.</summary>
    Fast,
}
