using System.Globalization;

namespace Appliance.Router.Rules;

/// <summary>Addresses that share a prefix: a network in CIDR notation, or one MAC address.</summary>
public readonly record struct TargetRange
{
    public TargetRange(BlockTarget first, int prefixLength)
    {
        PrefixLength = prefixLength;
        First = first with { Value = first.Value & Mask(first, prefixLength) };
    }

    /// <summary>The lowest address; host bits are cleared.</summary>
    public BlockTarget First { get; }

    public int PrefixLength { get; }

    public TargetKind Kind => First.Kind;

    public static TargetRange Of(BlockTarget target) => new(target, target.Length * 8);

    /// <summary>Reads "192.168.1.0/24", "fe80::/10", a single address or a MAC address.</summary>
    public static bool TryParse(string? text, out TargetRange range)
    {
        range = default;
        var slash = text?.IndexOf('/') ?? -1;
        if (slash < 0)
        {
            var single = BlockTarget.TryParse(text, out var target);
            range = single ? Of(target) : default;
            return single;
        }

        if (!BlockTarget.TryParse(text![..slash], out var first)
            || first.Kind == TargetKind.Mac
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length > first.Length * 8)
        {
            return false;
        }

        range = new TargetRange(first, length);
        return true;
    }

    public bool Contains(BlockTarget target) =>
        target.Kind == Kind && (target.Value & Mask(target, PrefixLength)) == First.Value;

    public override string ToString() => Kind == TargetKind.Mac
        ? First.ToString()
        : string.Create(CultureInfo.InvariantCulture, $"{First}/{PrefixLength}");

    private static UInt128 Mask(BlockTarget target, int prefixLength)
    {
        var hostBits = (target.Length * 8) - prefixLength;
        // A shift by 128 is a shift by 0 in C#, so ::/0 has its own answer.
        return hostBits >= 128 ? UInt128.Zero : UInt128.MaxValue << hostBits;
    }
}
