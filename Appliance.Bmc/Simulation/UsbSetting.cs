namespace Appliance.Bmc.Simulation;

/// <summary>Which slot the USB switch serves and how.</summary>
internal sealed record UsbSetting(int Node, UsbRole Role, bool ToBmc);
