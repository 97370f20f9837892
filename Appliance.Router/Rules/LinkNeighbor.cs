namespace Appliance.Router.Rules;

/// <summary>A station that holds an address on the link of an interface.</summary>
public sealed record LinkNeighbor(BlockTarget Address, BlockTarget Station, string Interface);
