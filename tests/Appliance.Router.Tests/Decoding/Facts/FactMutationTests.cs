using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Decoding.Quic;
using Appliance.Router.Decoding.Streams;
using Appliance.Router.Decoding.Tls;
using Appliance.Router.Tests.Decoding.Quic;
using Appliance.Router.Tests.Decoding.Tls;
using CsCheck;

namespace Appliance.Router.Tests.Decoding.Facts;

/// <summary>A million damaged payloads over the readers of facts: no exception, no text that is not plain, none that takes long.</summary>
[Trait("Category", "Slow")]
public sealed class FactMutationTests
{
    private const int DatagramCount = 600_000;
    private const int StreamCount = 350_000;
    private const int HandshakeCount = 50_000;
    private const int ProtectedCount = 3_000;
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(10);

    [Fact]
    public void Damaged_datagrams_are_read_without_harm()
    {
        var seeds = FactSeeds.Datagrams();

        var facts = Read(seeds.Count, DatagramCount, mutation =>
        {
            var (port, payload) = seeds[mutation.Seed];
            return DatagramFacts.Read(new Packet { Time = 1, Protocol = 17, SourcePort = 40000, DestinationPort = port, Payload = mutation.Apply(payload) });
        });

        Assert.InRange(facts, 1, DatagramCount - 1);
    }

    [Fact]
    public void Damaged_streams_are_read_without_harm()
    {
        var seeds = FactSeeds.Streams();

        var facts = Read(seeds.Count, StreamCount, mutation =>
        {
            var (port, stream) = seeds[mutation.Seed];
            var bytes = mutation.Apply(stream);
            StreamFacts.Read(bytes, isFromClient: false, new FactOrigin { SourcePort = port }, out _);
            StreamFacts.Read(bytes, isFromClient: true, new FactOrigin { DestinationPort = port }, out var fact);
            return fact;
        });

        Assert.InRange(facts, 1, StreamCount - 1);
    }

    // What is inside of the protection is damaged, or damage would never get there.
    [Fact]
    public void Damaged_handshakes_of_quic_are_read_without_harm()
    {
        var message = Hellos.Message();
        byte[][] seeds = [[2, 1, 0, 0, 1, .. QuicPackets.Crypto(100, message[100..]), 0, 1, .. QuicPackets.Crypto(0, message[..100])], [3, 1, 0, 0, 1, 1, 1, 1, .. QuicPackets.Crypto(0, message)]];
        var head = new StreamHead();

        var facts = Read(seeds.Length, HandshakeCount, mutation =>
        {
            head.Begin(time: 1);
            QuicReader.Collect(mutation.Apply(seeds[mutation.Seed]), head);
            TlsReader.TryRead(head.Bytes, default, isQuic: true, out var fact);
            return fact;
        });

        Assert.InRange(facts, 1, HandshakeCount - 1);
    }

    [Fact]
    public void Damaged_packets_of_quic_are_read_without_harm()
    {
        var packet = QuicPackets.Initial(QuicPackets.Crypto(0, Hellos.Message()), token: new byte[20]);
        var head = new StreamHead();

        var facts = Read(1, ProtectedCount, mutation =>
        {
            head.Begin(time: 1);
            QuicReader.Read(mutation.Apply(packet), head, default, out var fact);
            return fact;
        });

        Assert.InRange(facts, 1, ProtectedCount - 1);
    }

    // Gives how many facts there were.
    private static int Read(int seedCount, int count, Func<Mutation, Fact?> read)
    {
        var facts = 0;
        Mutation.For(seedCount).Sample(
            mutation =>
            {
                var fact = ReadQuickly(() => read(mutation));
                facts += fact is null ? 0 : 1;
                Assert.All(FactSeeds.Texts(fact), text => Assert.True(Hostile.IsPlain(text), text));
            },
            iter: count,
            threads: 1);
        return facts;
    }

    // A slow one is tried again, since the machine may have been busy with something else.
    private static Fact? ReadQuickly(Func<Fact?> read)
    {
        for (var tries = 0; tries < 5; tries++)
        {
            var stamp = TimeProvider.System.GetTimestamp();
            var fact = read();
            if (TimeProvider.System.GetElapsedTime(stamp) < Slow)
            {
                return fact;
            }
        }

        throw new TimeoutException($"Five times an input took longer than {Slow}.");
    }
}
