namespace Appliance.Router.Rules.Keeping;

/// <summary>Packets and their bytes that a rule has matched.</summary>
internal readonly record struct RuleCount(string RuleId, long Packets, long Bytes);
