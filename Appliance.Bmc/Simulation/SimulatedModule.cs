namespace Appliance.Bmc.Simulation;

/// <summary>What is plugged into a slot of the simulated board.</summary>
public enum SimulatedModule
{
    None,
    Cm4,

    /// <summary>A CM4 without eMMC: nothing to write to.</summary>
    Cm4Lite,
    Rk1,

    /// <summary>Any NVIDIA module: the BMC has no driver that could write to it.</summary>
    Jetson,
}
