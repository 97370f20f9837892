using System.Buffers.Binary;
using System.Net;

namespace Appliance.Router.Tests.Decoding;

/// <summary>Frames made by hand, layer by layer from the inside out.</summary>
internal static class Frames
{
    public const string SourceMac = "02:00:00:00:00:01";
    public const string DestinationMac = "02:00:00:00:00:02";

    public static byte[] Ethernet(ushort type, byte[] payload, string source = SourceMac, string destination = DestinationMac) =>
        [.. Mac(destination), .. Mac(source), .. UInt16(type), .. payload];

    public static byte[] IPv4Frame(string source, string destination, byte protocol, byte[] payload) =>
        Ethernet(0x0800, IPv4(source, destination, protocol, payload));

    public static byte[] IPv4(
        string source, string destination, byte protocol, byte[] payload, byte[]? options = null, ushort id = 1, int offset = 0, bool more = false, int? totalLength = null)
    {
        var header = 20 + (options?.Length ?? 0);
        var place = (ushort)((offset / 8) | (more ? 0x2000 : 0));
        return
        [
            (byte)(0x40 | (header / 4)), 0, .. UInt16((ushort)(totalLength ?? header + payload.Length)), .. UInt16(id), .. UInt16(place),
            64, protocol, 0, 0, .. Address(source), .. Address(destination), .. options ?? [], .. payload,
        ];
    }

    public static byte[] IPv6(string source, string destination, byte next, byte[] payload, int? payloadLength = null, byte hopLimit = 255) =>
        [0x60, 0, 0, 0, .. UInt16((ushort)(payloadLength ?? payload.Length)), next, hopLimit, .. Address(source), .. Address(destination), .. payload];

    /// <summary>An extension header of units of 8 bytes.</summary>
    public static byte[] Extension(byte next, int units, byte[] payload) => [next, (byte)(units - 1), .. new byte[(units * 8) - 2], .. payload];

    public static byte[] FragmentExtension(byte next, uint id, int offset, bool more, byte[] payload) =>
        [next, 0, .. UInt16((ushort)(offset | (more ? 1 : 0))), .. UInt32(id), .. payload];

    public static byte[] Tcp(int source, int destination, byte flags, byte[]? payload = null, uint sequence = 0, uint acknowledgment = 0, byte[]? options = null)
    {
        var header = 20 + (options?.Length ?? 0);
        return
        [
            .. UInt16((ushort)source), .. UInt16((ushort)destination), .. UInt32(sequence), .. UInt32(acknowledgment),
            (byte)(header / 4 << 4), flags, 0xff, 0xff, 0, 0, 0, 0, .. options ?? [], .. payload ?? [],
        ];
    }

    public static byte[] Udp(int source, int destination, byte[] payload) =>
        [.. UInt16((ushort)source), .. UInt16((ushort)destination), .. UInt16((ushort)(8 + payload.Length)), 0, 0, .. payload];

    public static byte[] Icmp(byte type, byte code, byte[]? payload = null) => [type, code, 0, 0, 0, 1, 0, 1, .. payload ?? []];

    public static byte[] Arp(ushort operation, string senderMac, string sender, string target) =>
        [0, 1, 8, 0, 6, 4, .. UInt16(operation), .. Mac(senderMac), .. Address(sender), 0, 0, 0, 0, 0, 0, .. Address(target)];

    public static byte[] Mac(string text) => Convert.FromHexString(text.Replace(":", "", StringComparison.Ordinal));

    public static byte[] Address(string text) => IPAddress.Parse(text).GetAddressBytes();

    public static UInt128 Value(string address)
    {
        var parsed = IPAddress.Parse(address);
        return BinaryPrimitives.ReadUInt128BigEndian(parsed.MapToIPv6().GetAddressBytes());
    }

    public static byte[] UInt16(ushort value) => [(byte)(value >> 8), (byte)value];

    public static byte[] UInt32(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
