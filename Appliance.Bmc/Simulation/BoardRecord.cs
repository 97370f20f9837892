using System.Collections.Immutable;

namespace Appliance.Bmc.Simulation;

/// <summary>Everything that the daemon keeps over a restart.</summary>
internal sealed record BoardRecord(byte Power, UsbSetting Usb, ImmutableArray<NodeRecord> Nodes, int FanSpeed, bool AlternativePort);
