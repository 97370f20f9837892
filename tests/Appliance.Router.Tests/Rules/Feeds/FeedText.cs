using System.Text;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Feeds;

namespace Appliance.Router.Tests.Rules.Feeds;

/// <summary>Reads feeds that a test writes down.</summary>
internal static class FeedText
{
    public static FeedReading Read(FeedFormat format, string text, FeedOptions? limits = null) => Read(format, Encoding.UTF8.GetBytes(text), limits);

    public static FeedReading Read(FeedFormat format, ReadOnlySpan<byte> bytes, FeedOptions? limits = null)
    {
        var reader = new FeedReader(format, limits ?? new FeedOptions());
        reader.Take(bytes);
        return reader.End(isCut: false);
    }

    /// <summary>What a feed with these lines holds.</summary>
    public static FeedAddresses Addresses(params string[] lines) => Of(lines.Select(Samples.Range));

    /// <summary>As it stands, private networks and all.</summary>
    public static FeedAddresses Of(IEnumerable<TargetRange> ranges)
    {
        var all = ranges.ToList();
        return new FeedAddresses(Merge(all, TargetKind.Address4), Merge(all, TargetKind.Address6));
    }

    public static IEnumerable<string> Words(FeedAddresses addresses) => addresses.ToRanges().Select(range => range.ToString());

    private static FamilyAddresses Merge(List<TargetRange> ranges, TargetKind kind)
    {
        var own = ranges.Where(range => range.Kind == kind).ToLookup(range => range.PrefixLength == range.First.Length * 8);
        return FamilyAddresses.Merge([.. own[true].Select(range => range.First.Value)], [.. own[false].Select(ReservedNetworks.ToSpan)]);
    }
}
