using Appliance.Router.Decoding;

namespace Appliance.Router.Devices;

/// <summary>One thing learned about one device.</summary>
/// <remarks>Behind a router all senders have its MAC, so what came over a routed connection counts only for a device that is known to have the address.</remarks>
internal readonly record struct Observation(MacAddress Mac, long Time)
{
    /// <summary>An address that the device has; zero for none.</summary>
    public UInt128 Address { get; init; }

    public DeviceTrait? Trait { get; init; }

    /// <summary>Counts only for a device with this address; zero when it counts anyhow.</summary>
    public UInt128 Condition { get; init; }
}
