namespace Appliance.Router.Rules.Feeds;

/// <summary>What a feed holds, merged.</summary>
public sealed record FeedAddresses(FamilyAddresses Of4, FamilyAddresses Of6)
{
    public static readonly FeedAddresses None = new(FamilyAddresses.None, FamilyAddresses.None);

    public int Count => Of4.Count + Of6.Count;

    /// <summary>The same as networks in CIDR notation, none of which overlap; single addresses are networks of one.</summary>
    public IReadOnlyList<TargetRange> ToRanges() => [.. ToRanges(TargetKind.Address4, Of4), .. ToRanges(TargetKind.Address6, Of6)];

    private static IEnumerable<TargetRange> ToRanges(TargetKind kind, FamilyAddresses family) => family.Hosts
        .Select(host => TargetRange.Of(new BlockTarget(kind, host)))
        .Concat(family.Networks.SelectMany(network => Split(kind, network)));

    // The widest network that begins at the first address and ends within the span, again and again.
    private static IEnumerable<TargetRange> Split(TargetKind kind, AddressSpan span)
    {
        var bits = new BlockTarget(kind, 0).Length * 8;
        var first = span.First;
        while (true)
        {
            var hostBits = Math.Min(bits, (int)UInt128.TrailingZeroCount(first));
            while (hostBits > 0 && LastOf(first, hostBits) > span.Last)
            {
                hostBits--;
            }

            yield return new TargetRange(new BlockTarget(kind, first), bits - hostBits);
            var last = LastOf(first, hostBits);
            if (last >= span.Last)
            {
                yield break;
            }

            first = last + 1;
        }
    }

    // A shift by 128 is a shift by 0 in C#.
    private static UInt128 LastOf(UInt128 first, int hostBits) =>
        hostBits >= 128 ? UInt128.MaxValue : first | ((UInt128.One << hostBits) - 1);
}
