using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Facts;
using CsCheck;

namespace Appliance.Router.Tests.Decoding.Facts;

/// <summary>A million damaged payloads over the readers of facts: no exception, no text that is not plain, none that takes long.</summary>
public sealed class FactMutationTests
{
    private const int PayloadCount = 1_000_000;
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(10);

    [Fact]
    public void Damaged_payloads_are_read_without_harm()
    {
        var seeds = FactSeeds.Datagrams();
        var (facts, slow) = (0, 0);

        Mutation.For(seeds.Count).Sample(
            mutation =>
            {
                var (port, payload) = seeds[mutation.Seed];
                var packet = new Packet { Time = 1, Protocol = 17, SourcePort = 40000, DestinationPort = port, Payload = mutation.Apply(payload) };
                var stamp = TimeProvider.System.GetTimestamp();
                var fact = DatagramFacts.Read(packet);
                slow += TimeProvider.System.GetElapsedTime(stamp) > Slow ? 1 : 0;
                facts += fact is null ? 0 : 1;
                Assert.All(FactSeeds.Texts(fact), text => Assert.True(Hostile.IsPlain(text), text));
            },
            iter: PayloadCount,
            threads: 1);

        Assert.InRange(facts, 1, PayloadCount - 1);

        // The machine may have been busy with something else now and then, but not a reader.
        Assert.InRange(slow, 0, PayloadCount / 10_000);
    }
}
