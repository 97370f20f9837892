using Appliance.Router.Flows;
using Appliance.Router.Tests.Capture;
using Appliance.Router.Tests.Decoding;
using Appliance.Router.Traffic;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Tests.Traffic;

public sealed class FlowReaderTests
{
    private const long Second = 1_000_000_000;
    private readonly FlowEventRing _ring = new(Options.Create(new TrafficOptions()));
    private readonly PacketPath _ahead;
    private readonly PacketPath _behind;

    public FlowReaderTests()
    {
        _ahead = new PacketPath(new FlowOptions(), _ring, null);
        _behind = new PacketPath(new FlowOptions(), _ring, null);
    }

    [Fact]
    public async Task No_event_is_earlier_than_the_clock_that_was_told_before_it()
    {
        // More than a batch of one interface, then the other's, which are earlier.
        Begin(_ahead, count: 700, from: 100 * Second);
        Begin(_behind, count: 100, from: 50 * Second);
        var reader = new FlowReader(_ring, new PacketPaths([_ahead, _behind]), TimeProvider.System);

        var batches = await ReadAsync(reader, events: 800);

        var clock = 0L;
        foreach (var (times, told) in batches)
        {
            Assert.All(times, time => Assert.InRange(time, clock, long.MaxValue));
            clock = told;
        }

        Assert.Equal(_behind.Now, clock);
    }

    [Fact]
    public async Task The_clock_moves_for_a_reader_that_never_catches_up()
    {
        Begin(_ahead, count: 600, from: 100 * Second);
        Begin(_behind, count: 10, from: 100 * Second);
        var reader = new FlowReader(_ring, new PacketPaths([_ahead, _behind]), TimeProvider.System);

        await reader.ReadAsync(TestContext.Current.CancellationToken);
        var (seen, behind) = (_ring.LastSequence, _behind.Now);
        Begin(_ahead, count: 2000, from: 200 * Second);
        Begin(_behind, count: 10, from: 200 * Second);
        var next = await reader.ReadAsync(TestContext.Current.CancellationToken);

        Assert.True(next.FirstSequence + next.Events.Length > seen);
        Assert.Equal(behind, next.ClockTime);
    }

    [Fact]
    public async Task Of_one_interface_the_clock_is_told_with_each_batch()
    {
        Begin(_ahead, count: 700, from: 100 * Second);
        var reader = new FlowReader(_ring, new PacketPaths([_ahead]), TimeProvider.System);

        var batch = await reader.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal((512, batch.Events.Span[^1].Time), (batch.Events.Length, batch.ClockTime));
    }

    // A flow each, a microsecond apart.
    private static void Begin(PacketPath path, int count, long from)
    {
        using var source = new ListSource([.. Enumerable.Range(1, count).Select(port =>
            (from + (port * 1000L), Frames.IPv4Frame("10.0.0.1", "10.0.0.2", 17, Frames.Udp(port, (int)(from / Second), [1]))))]);
        path.Run(source, CancellationToken.None);
    }

    private static async Task<List<(List<long> Times, long Clock)>> ReadAsync(FlowReader reader, int events)
    {
        var batches = new List<(List<long> Times, long Clock)>();
        for (var read = 0; read < events;)
        {
            var batch = await reader.ReadAsync(TestContext.Current.CancellationToken);
            batches.Add(([.. batch.Events.ToArray().Select(told => told.Time)], batch.ClockTime));
            read += batch.Events.Length;
        }

        return batches;
    }
}
