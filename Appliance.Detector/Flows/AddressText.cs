using System.Buffers.Binary;
using System.Net;

namespace Appliance.Detector.Flows;

/// <summary>Addresses as people write them; IPv4 stands inside as ::ffff:a.b.c.d (RFC 4291, section 2.5.5.2).</summary>
public static class AddressText
{
    private const ulong MappedPrefix = 0xffff;

    public static bool IsIPv4(UInt128 address) => (ulong)(address >> 64) == 0 && (ulong)address >> 32 == MappedPrefix;

    public static IPAddress ToAddress(UInt128 address)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
        return new IPAddress(IsIPv4(address) ? bytes[12..] : bytes);
    }

    public static string Of(UInt128 address) => ToAddress(address).ToString();

    /// <summary>IPv4 is mapped, so that one table holds both families.</summary>
    public static UInt128 FromAddress(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        var length = address.TryWriteBytes(bytes, out var written) ? written : 0;
        return length == 4
            ? new UInt128(0, (MappedPrefix << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>Multicast of both families, the limited broadcast, and the unspecified address.</summary>
    public static bool IsGroup(UInt128 address)
    {
        if (!IsIPv4(address))
        {
            // ff00::/8 (RFC 4291, section 2.7).
            return (byte)(address >> 120) == 0xff || address == UInt128.Zero;
        }

        var first = (byte)(address >> 24);
        return first is >= 224 and < 240 || (uint)address is uint.MaxValue or 0;
    }
}
