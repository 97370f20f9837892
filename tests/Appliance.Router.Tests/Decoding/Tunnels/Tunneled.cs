namespace Appliance.Router.Tests.Decoding.Tunnels;

/// <summary>One datagram from 10.1.0.1 port 1000 to 10.1.0.2 port 2000 (or fd01::1 and fd01::2), in every kind of tunnel.</summary>
internal static class Tunneled
{
    public const string InnerMac = "02:00:00:00:00:0a";
    public static readonly byte[] Inner = Decoding.Frames.IPv4("10.1.0.1", "10.1.0.2", 17, Decoding.Frames.Udp(1000, 2000, [1, 2, 3]));
    public static readonly byte[] InnerV6 = Decoding.Frames.IPv6("fd01::1", "fd01::2", 17, Decoding.Frames.Udp(1000, 2000, [1, 2, 3]));
    public static readonly byte[] InnerFrame = Decoding.Frames.Ethernet(0x0800, Inner, source: InnerMac);

    public static IReadOnlyDictionary<string, byte[]> Frames { get; } = new Dictionary<string, byte[]>(StringComparer.Ordinal)
    {
        ["pppoe"] = Decoding.Frames.Ethernet(0x8864, Pppoe(0x0021, Inner)),
        ["pppoe with IPv6"] = Decoding.Frames.Ethernet(0x8864, Pppoe(0x0057, InnerV6)),
        ["IPv4 in IPv4"] = Outer(4, Inner),
        ["IPv6 in IPv4"] = Outer(41, InnerV6),
        ["IPv4 in IPv6"] = Decoding.Frames.Ethernet(0x86dd, Decoding.Frames.IPv6("fd00::1", "fd00::2", 4, Inner)),
        ["gre"] = Outer(47, [0, 0, 8, 0, .. Inner]),
        ["gre with all options"] = Outer(47, [0xb0, 0, 0x86, 0xdd, 9, 9, 0, 0, 0, 0, 0, 7, 0, 0, 0, 1, .. InnerV6]),
        ["gre with a frame"] = Outer(47, [0x20, 0, 0x65, 0x58, 0, 0, 0, 7, .. InnerFrame]),
        ["vxlan"] = Outer(17, Decoding.Frames.Udp(5000, 4789, [8, 0, 0, 0, 0, 0, 7, 0, .. InnerFrame])),
    };

    public static byte[] Outer(byte protocol, byte[] payload) => Decoding.Frames.IPv4Frame("10.0.0.1", "10.0.0.2", protocol, payload);

    public static byte[] Pppoe(ushort protocol, byte[] payload) =>
        [0x11, 0, 0, 7, .. Decoding.Frames.UInt16((ushort)(payload.Length + 2)), .. Decoding.Frames.UInt16(protocol), .. payload];
}
