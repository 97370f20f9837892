using System.Globalization;
using System.Net.NetworkInformation;

namespace Appliance.Router.Decoding;

/// <summary>A 48-bit hardware address; zero where the link has none.</summary>
public readonly record struct MacAddress(ulong Value)
{
    public const int Length = 6;

    public bool IsEmpty => Value == 0;

    /// <summary>Names several stations or all of them: the lowest bit of the first byte (IEEE 802, 8.2.2).</summary>
    public bool IsGroup => (Value >> 40 & 1) != 0;

    /// <summary>Made up by its owner rather than given by a maker, as phones do anew for each network: the bit above it.</summary>
    public bool IsLocal => (Value >> 41 & 1) != 0;

    /// <summary>Reads six pairs of hex digits divided by colons or hyphens.</summary>
    public static bool TryParse(string text, out MacAddress address)
    {
        address = default;
        if (!PhysicalAddress.TryParse(text, out var parsed) || parsed.GetAddressBytes() is not { Length: Length } bytes)
        {
            return false;
        }

        address = new(bytes.Aggregate(0UL, (value, part) => value << 8 | part));
        return true;
    }

    /// <summary>Six lower-case pairs of hex digits divided by colons.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Value >> 40 & 0xff:x2}:{Value >> 32 & 0xff:x2}:{Value >> 24 & 0xff:x2}:{Value >> 16 & 0xff:x2}:{Value >> 8 & 0xff:x2}:{Value & 0xff:x2}");
}
