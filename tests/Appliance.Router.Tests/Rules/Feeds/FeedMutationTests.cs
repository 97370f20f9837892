using System.Text;
using Appliance.Router.Rules.Feeds;
using Appliance.Router.Tests.Decoding;

namespace Appliance.Router.Tests.Rules.Feeds;

/// <summary>A million damaged feeds over their readers: no exception, nothing that no feed may hold, none that takes long.</summary>
[Trait("Category", "Slow")]
public sealed class FeedMutationTests
{
    private const int Count = 1_000_000;
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(20);

    private static readonly (FeedFormat Format, byte[] Bytes)[] Seeds =
    [
        (FeedFormat.Plain, Bytes("# today\n198.51.100.7\n198.51.100.0/24 ; why\n2001:db8::5\n2001:db8:1::/48\r\n\n11.0.0.0/8\n")),
        (FeedFormat.Plain, Bytes("198.51.100.7\n198.51.100.8\n198.51.100.9\n")),
        (FeedFormat.SpamhausDrop, Bytes("; Spamhaus DROP\n203.0.113.0/24 ; SBL1\n198.51.100.0/22 ; SBL2\n")),
        (FeedFormat.SpamhausDrop, Bytes("{\"cidr\":\"203.0.113.0/24\",\"sblid\":\"SBL1\",\"rir\":\"arin\"}\n{\"cidr\":\"2001:db8::/32\"}\n{\"type\":\"metadata\",\"records\":2}\n")),
        (FeedFormat.Hosts, Bytes("127.0.0.1 localhost\n0.0.0.0 ads.example tracker.example # both\n203.0.113.9 command.example\n::1 six.example\n")),
    ];

    [Fact]
    public void Damaged_feeds_are_read_without_harm()
    {
        var limits = new FeedOptions();
        var good = 0;

        CsCheck.Check.Sample(
            Mutation.For(Seeds.Length),
            mutation =>
            {
                var (format, bytes) = Seeds[mutation.Seed];
                var reading = ReadQuickly(format, mutation.Apply(bytes), limits);
                good += reading.Count > 0 ? 1 : 0;
                Assert.InRange(reading.RejectedLines, 0, reading.Lines);
                Assert.DoesNotContain(reading.Addresses.ToRanges(), ReservedNetworks.Overlap);
                Assert.All(reading.Names, name => Assert.True(name.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '.' or '-' or '_'), name));
            },
            iter: Count,
            threads: 1);

        Assert.InRange(good, 1, Count - 1);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    // A slow one is tried again, since the machine may have been busy with something else.
    private static FeedReading ReadQuickly(FeedFormat format, byte[] bytes, FeedOptions limits)
    {
        for (var tries = 0; tries < 5; tries++)
        {
            var stamp = TimeProvider.System.GetTimestamp();
            var reading = FeedText.Read(format, bytes, limits);
            if (TimeProvider.System.GetElapsedTime(stamp) < Slow)
            {
                return reading;
            }
        }

        throw new TimeoutException($"Five times an input took longer than {Slow}.");
    }
}
