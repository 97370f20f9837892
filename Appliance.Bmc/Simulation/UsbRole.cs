namespace Appliance.Bmc.Simulation;

/// <summary>What a slot is on its USB port; the values are the low bits of the API's `mode`.</summary>
internal enum UsbRole
{
    Host,
    Device,
    Flash,
}
