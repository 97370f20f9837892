using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Appliance.Router.Rules;

/// <summary>One IPv4, IPv6 or MAC address, as a number of its own width.</summary>
public readonly record struct BlockTarget(TargetKind Kind, UInt128 Value)
{
    public const int MacBytes = 6;

    /// <summary>Bytes of the address on the wire.</summary>
    public int Length => Kind switch
    {
        TargetKind.Address4 => 4,
        TargetKind.Address6 => 16,
        _ => MacBytes,
    };

    /// <summary>False for unspecified, multicast and broadcast addresses: no single station owns them.</summary>
    public bool IsUnicast => Kind switch
    {
        TargetKind.Address4 => Value >> 24 != 0 && Value >> 28 < 0xE,
        TargetKind.Address6 => Value != 0 && Value >> 120 != 0xFF,
        // IEEE 802: the lowest bit of the first byte marks a group.
        _ => Value != 0 && ((Value >> 40) & 1) == 0,
    };

    public static BlockTarget From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        // ::ffff:a.b.c.d is IPv4 in another notation; the kernel's packets carry the IPv4 header.
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        Span<byte> bytes = stackalloc byte[16];
        plain.TryWriteBytes(bytes, out var length);
        return FromBytes(plain.AddressFamily == AddressFamily.InterNetwork ? TargetKind.Address4 : TargetKind.Address6, bytes[..length]);
    }

    /// <summary>4 or 16 bytes are an IP address, anything else is none.</summary>
    public static bool TryFromAddressBytes(ReadOnlySpan<byte> bytes, out BlockTarget target)
    {
        target = default;
        if (bytes.Length is not (4 or 16))
        {
            return false;
        }

        target = From(new IPAddress(bytes));
        return true;
    }

    public static bool TryFromMacBytes(ReadOnlySpan<byte> bytes, out BlockTarget target)
    {
        target = default;
        if (bytes.Length != MacBytes)
        {
            return false;
        }

        target = FromBytes(TargetKind.Mac, bytes);
        return true;
    }

    public static bool TryParse(string? text, out BlockTarget target)
    {
        target = default;
        if (string.IsNullOrWhiteSpace(text))
        {
            return false;
        }

        // "1.2" and "7" are addresses to IPAddress.Parse; only the dotted quad is one here.
        if (IPAddress.TryParse(text, out var address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || text.Count(c => c == '.') == 3))
        {
            target = From(address);
            return address.AddressFamily == AddressFamily.InterNetwork || address.ScopeId == 0;
        }

        return PhysicalAddress.TryParse(text, out var mac) && TryFromMacBytes(mac.GetAddressBytes(), out target);
    }

    /// <summary>Writes the address in network order and returns its length.</summary>
    public int Write(Span<byte> destination)
    {
        Span<byte> wide = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(wide, Value);
        wide[^Length..].CopyTo(destination);
        return Length;
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        Write(bytes);
        return bytes;
    }

    public override string ToString() => Kind == TargetKind.Mac
        ? string.Join(':', ToBytes().Select(part => part.ToString("x2", CultureInfo.InvariantCulture)))
        : new IPAddress(ToBytes()).ToString();

    internal static BlockTarget FromBytes(TargetKind kind, ReadOnlySpan<byte> bytes)
    {
        UInt128 value = 0;
        foreach (var part in bytes)
        {
            value = (value << 8) | part;
        }

        return new BlockTarget(kind, value);
    }
}
