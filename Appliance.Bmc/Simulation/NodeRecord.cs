namespace Appliance.Bmc.Simulation;

/// <summary>What people noted about a slot, and when it was switched on (Unix seconds).</summary>
internal sealed record NodeRecord(string? Name, string? ModuleName, long? PowerOnTime, uint? UartBaud);
