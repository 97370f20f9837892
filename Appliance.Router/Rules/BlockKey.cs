namespace Appliance.Router.Rules;

/// <summary>What makes two blocks the same one: at most one is live for a key.</summary>
internal readonly record struct BlockKey(BlockTarget Target, BlockAction Action);
