namespace Appliance.Router.Rules;

/// <summary>What a kind of block has dropped since the ruleset was last applied whole.</summary>
public readonly record struct DropCount(string Set, long Packets, long Bytes);
