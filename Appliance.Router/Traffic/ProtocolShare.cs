namespace Appliance.Router.Traffic;

/// <summary>One protocol's traffic over the last second.</summary>
internal sealed record ProtocolShare(byte Protocol, double PacketsPerSecond, double BitsPerSecond);
