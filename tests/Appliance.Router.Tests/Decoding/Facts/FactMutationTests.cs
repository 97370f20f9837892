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
        var facts = 0;

        Mutation.For(seeds.Count).Sample(
            mutation =>
            {
                var (port, payload) = seeds[mutation.Seed];
                var fact = ReadQuickly(port, mutation.Apply(payload));
                facts += fact is null ? 0 : 1;
                Assert.All(FactSeeds.Texts(fact), text => Assert.True(Hostile.IsPlain(text), text));
            },
            iter: PayloadCount,
            threads: 1);

        Assert.InRange(facts, 1, PayloadCount - 1);
    }

    // A slow one is tried again, since the machine may have been busy with something else.
    private static Fact? ReadQuickly(ushort port, byte[] payload)
    {
        for (var tries = 0; tries < 5; tries++)
        {
            var stamp = TimeProvider.System.GetTimestamp();
            var fact = DatagramFacts.Read(new Packet { Time = 1, Protocol = 17, SourcePort = 40000, DestinationPort = port, Payload = payload });
            if (TimeProvider.System.GetElapsedTime(stamp) < Slow)
            {
                return fact;
            }
        }

        throw new TimeoutException($"Five times an input took longer than {Slow}.");
    }
}
