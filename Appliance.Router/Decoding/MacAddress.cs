using System.Globalization;

namespace Appliance.Router.Decoding;

/// <summary>A 48-bit hardware address; zero where the link has none.</summary>
public readonly record struct MacAddress(ulong Value)
{
    public const int Length = 6;

    public bool IsEmpty => Value == 0;

    /// <summary>Six lower-case pairs of hex digits divided by colons.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Value >> 40 & 0xff:x2}:{Value >> 32 & 0xff:x2}:{Value >> 24 & 0xff:x2}:{Value >> 16 & 0xff:x2}:{Value >> 8 & 0xff:x2}:{Value & 0xff:x2}");
}
