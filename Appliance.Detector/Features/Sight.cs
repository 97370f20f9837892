namespace Appliance.Detector.Features;

/// <summary>What a device was seen with.</summary>
internal enum Sight : byte
{
    Destination,
    LocalDestination,
    Service,
    Pair,
    Source,
    ServedService,
    NeighborTarget,
}
