namespace Appliance.Router.Rules.Feeds;

/// <summary>Addresses that no list of the internet's offenders can mean: a site's own, and those that nobody owns.</summary>
internal static class ReservedNetworks
{
    private static readonly AddressSpan[] Of4 =
    [
        .. Spans(
            "0.0.0.0/8", // RFC 791: this network.
            "10.0.0.0/8", // RFC 1918.
            "100.64.0.0/10", // RFC 6598: the provider's side of a shared address.
            "127.0.0.0/8", // RFC 1122.
            "169.254.0.0/16", // RFC 3927.
            "172.16.0.0/12", // RFC 1918.
            "192.168.0.0/16", // RFC 1918.
            "224.0.0.0/3"), // RFC 5771 and RFC 1112: multicast, reserved, broadcast.
    ];

    private static readonly AddressSpan[] Of6 =
    [
        .. Spans(
            "::/8", // RFC 4291 and RFC 6052: unspecified, loopback, IPv4 in other notations.
            "fc00::/7", // RFC 4193: unique local.
            "fe80::/9", // RFC 4291 and RFC 3879: link-local and the site-local of old.
            "ff00::/8"), // RFC 4291: multicast.
    ];

    public static bool Overlap(TargetRange range)
    {
        var span = ToSpan(range);
        foreach (var reserved in range.Kind == TargetKind.Address4 ? Of4 : Of6)
        {
            if (reserved.Overlaps(span))
            {
                return true;
            }
        }

        return false;
    }

    public static AddressSpan ToSpan(TargetRange range)
    {
        var hostBits = (range.First.Length * 8) - range.PrefixLength;
        // A shift by 128 is a shift by 0 in C#.
        return new AddressSpan(range.First.Value, hostBits >= 128 ? UInt128.MaxValue : range.First.Value | ((UInt128.One << hostBits) - 1));
    }

    private static IEnumerable<AddressSpan> Spans(params string[] networks) => networks
        .Select(text => TargetRange.TryParse(text, out var range) ? ToSpan(range) : throw new FormatException(text));
}
