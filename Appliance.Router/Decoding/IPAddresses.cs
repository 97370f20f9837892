using System.Buffers.Binary;
using System.Net;
using System.Runtime.CompilerServices;

namespace Appliance.Router.Decoding;

/// <summary>Addresses as 128-bit values: IPv4 stands as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2).</summary>
public static class IPAddresses
{
    public const int IPv4Length = 4;
    public const int IPv6Length = 16;
    private const ulong MappedPrefix = 0xffff_0000_0000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UInt128 FromIPv4(uint address) => new(0, MappedPrefix | address);

    /// <summary>From 4 or 16 bytes in network order; zero from any other number.</summary>
    public static UInt128 FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        IPv4Length => FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        IPv6Length => BinaryPrimitives.ReadUInt128BigEndian(bytes),
        _ => 0,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsIPv4(UInt128 address) => address >> 32 == MappedPrefix >> 32;

    /// <summary>Writes 4 or 16 bytes in network order and says how many.</summary>
    public static int Write(UInt128 address, Span<byte> destination)
    {
        if (IsIPv4(address))
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)address);
            return IPv4Length;
        }

        BinaryPrimitives.WriteUInt128BigEndian(destination, address);
        return IPv6Length;
    }

    public static IPAddress ToIPAddress(UInt128 address)
    {
        Span<byte> bytes = stackalloc byte[IPv6Length];
        return new IPAddress(bytes[..Write(address, bytes)]);
    }
}
