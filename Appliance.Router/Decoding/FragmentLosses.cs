namespace Appliance.Router.Decoding;

/// <summary>Fragmented datagrams that were begun and not put together, each counted once.</summary>
/// <param name="Overlapping">Two fragments claimed the same bytes: dropped as a whole (RFC 5722), in IPv4 too, as Linux does.</param>
/// <param name="Malformed">Lengths that contradict each other, beyond 65535 bytes, or not captured whole.</param>
/// <param name="Expired">The rest has not come in time.</param>
/// <param name="Crowded">Gave way to newer ones.</param>
public readonly record struct FragmentLosses(long Overlapping, long Malformed, long Expired, long Crowded)
{
    public static FragmentLosses operator +(FragmentLosses left, FragmentLosses right) => Add(left, right);

    public static FragmentLosses Add(FragmentLosses left, FragmentLosses right) =>
        new(left.Overlapping + right.Overlapping, left.Malformed + right.Malformed, left.Expired + right.Expired, left.Crowded + right.Crowded);
}
