namespace Appliance.Router.Rules.Policy;

/// <summary>Networks that rules match by one name: what a feed for matching holds. No two overlap.</summary>
public sealed record AddressSet(string Id, IReadOnlyList<TargetRange> Networks);
