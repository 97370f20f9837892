namespace Appliance.Router.Decoding.Facts;

/// <summary>The packet that told a fact; of several, the one that completed it.</summary>
/// <remarks>The time is in nanoseconds since 1970 UTC; for ICMP the ports are as in <see cref="Packet"/>.</remarks>
public readonly record struct FactOrigin(
    long Time,
    MacAddress SourceMac,
    ushort VlanId,
    UInt128 Source,
    UInt128 Destination,
    ushort SourcePort,
    ushort DestinationPort,
    byte Protocol)
{
    internal static FactOrigin Of(in Packet packet) => new(
        packet.Time,
        packet.SourceMac,
        packet.VlanId,
        packet.Source,
        packet.Destination,
        packet.SourcePort,
        packet.DestinationPort,
        packet.Protocol);
}
