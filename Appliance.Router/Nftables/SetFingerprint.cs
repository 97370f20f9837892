namespace Appliance.Router.Nftables;

/// <summary>The elements of a set by their number and the sum of their hashes, in whatever order they come.</summary>
internal readonly record struct SetFingerprint(string Set, int Count, ulong Sum);
