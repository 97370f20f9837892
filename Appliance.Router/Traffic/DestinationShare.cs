namespace Appliance.Router.Traffic;

/// <summary>One remote address's traffic over the last second; "out" is to it.</summary>
internal sealed record DestinationShare(UInt128 Address, double OutPacketsPerSecond, double InPacketsPerSecond, double OutBitsPerSecond, double InBitsPerSecond);
