namespace Appliance.Router.Traffic;

/// <summary>A remote address and what went to it and came from it.</summary>
internal record struct Destination(UInt128 Address, long PacketsOut, long PacketsIn, long BytesOut, long BytesIn);
