namespace Appliance.Bmc.Simulation;

/// <summary>What takes the daemon, or the way to it, off for a while.</summary>
internal enum Interruption
{
    /// <summary>The daemon alone starts again, in order.</summary>
    Reload,

    /// <summary>The BMC's whole system does.</summary>
    Reboot,

    /// <summary>The kernel ends the daemon, as when memory runs out.</summary>
    Kill,

    /// <summary>The network switch starts again: connections break, nothing else does.</summary>
    NetworkReset,
}
