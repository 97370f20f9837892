namespace Appliance.Router.Nftables;

/// <summary>Each transaction makes one; process and name are those of the thread that made it.</summary>
internal readonly record struct RulesetGeneration(uint Number, uint ProcessId, string ProcessName);
