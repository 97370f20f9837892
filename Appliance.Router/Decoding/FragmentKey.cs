namespace Appliance.Router.Decoding;

/// <summary>What fragments of one datagram have in common: in IPv4 the protocol too (RFC 791, 3.2), which is zero for IPv6 (RFC 8200, 4.5).</summary>
internal readonly record struct FragmentKey(UInt128 Source, UInt128 Destination, uint Identification, byte Protocol)
{
    public static FragmentKey Of(in Packet packet) =>
        new(packet.Source, packet.Destination, packet.Fragment.Identification, packet.IsIPv4 ? packet.Protocol : (byte)0);
}
