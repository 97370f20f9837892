namespace Appliance.Router.Nftables;

/// <summary>Elements to put into, or take out of, one set.</summary>
internal sealed record SetChange(SetName Set, SetElement[] Elements);
