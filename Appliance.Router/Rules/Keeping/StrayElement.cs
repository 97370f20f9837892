namespace Appliance.Router.Rules.Keeping;

/// <summary>An element of a kernel set that no block stands for.</summary>
internal readonly record struct StrayElement(string Set, BlockTarget Key);
