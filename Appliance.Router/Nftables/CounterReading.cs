namespace Appliance.Router.Nftables;

/// <summary>What a named counter has counted since the ruleset was applied.</summary>
internal readonly record struct CounterReading(string Name, ulong Packets, ulong Bytes);
