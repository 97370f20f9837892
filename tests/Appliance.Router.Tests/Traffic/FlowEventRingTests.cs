using Appliance.Router.Decoding.Names;
using Appliance.Router.Flows;
using Appliance.Router.Traffic;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Tests.Traffic;

public sealed class FlowEventRingTests
{
    private const int Capacity = 1024;
    private readonly FlowEventRing _ring = new(Options.Create(new TrafficOptions { RingEvents = Capacity }));

    [Fact]
    public void Events_are_numbered_from_one()
    {
        Write(3);

        Assert.Equal([1, 2, 3], Read(1).Times);
        Assert.Equal(3, _ring.LastSequence);
    }

    [Fact]
    public void A_reader_gets_each_event_once()
    {
        Write(3);
        var (next, _) = Read(1);
        Write(2);

        Assert.Equal([4, 5], Read(next).Times);
        Assert.Empty(Read(6).Times);
    }

    [Fact]
    public void A_reader_that_comes_too_late_is_moved_to_the_oldest_event_held()
    {
        Write(Capacity + 500);
        var sequence = 1L;

        var count = _ring.Read(ref sequence, new FlowEvent[4 * Capacity]);

        // One place is the writer's, who may be writing to it.
        Assert.Equal((502, Capacity - 1), (sequence, count));
        Assert.Equal(502, _ring.FirstSequence);
    }

    [Fact]
    public async Task Readers_beside_a_writer_get_whole_events_in_order_and_know_every_gap()
    {
        const int Total = 300_000;
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() => FollowTo(Total))).ToList();

        await Task.Run(() => Write(Total), TestContext.Current.CancellationToken);

        foreach (var (read, missed) in await Task.WhenAll(readers))
        {
            Assert.Equal(Total, read + missed);
        }
    }

    [Fact]
    public async Task Writers_beside_each_other_lose_nothing_and_keep_their_order()
    {
        const int Writers = 4;
        const int Each = 50_000;
        var reader = Task.Run(() => FollowWritersAsync(Writers * Each), TestContext.Current.CancellationToken);

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAs(writer, Each), TestContext.Current.CancellationToken)));

        var (read, missed) = await reader;
        Assert.Equal(Writers * Each, read + missed);
        Assert.Equal(Writers * Each, _ring.LastSequence);
    }

    [Fact]
    public async Task Waiting_ends_with_the_next_event()
    {
        Write(1);
        var waiting = _ring.WaitAsync(1);
        Assert.False(waiting.IsCompleted);

        Write(1);

        await waiting;
        Assert.True(_ring.WaitAsync(1).IsCompleted);
    }

    [Fact]
    public void Facts_beyond_their_room_are_left_out_until_older_ones_have_gone()
    {
        var ring = new FlowEventRing(Options.Create(new TrafficOptions { RingEvents = Capacity, RingTextBytes = 1024 * 1024 }));
        var heavy = new FlowEvent(FlowEventKind.Fact, 1, default, default, new SshFact(default, IsClient: true, new string('x', 100_000)));
        for (var i = 0; i < 8; i++)
        {
            ring.Accept(heavy);
        }

        var (told, leftOut) = (ring.LastSequence, ring.LeftOutTextsCount);
        for (var i = 0; i < Capacity; i++)
        {
            ring.Accept(new FlowEvent(FlowEventKind.Updated, 1, default, default));
        }

        ring.Accept(heavy);

        Assert.Equal((5, 3), (told, leftOut));
        Assert.Equal((5 + Capacity + 1, 3), (ring.LastSequence, ring.LeftOutTextsCount));
    }

    [Fact]
    public void Flow_is_told_without_what_it_has_said_when_there_is_no_room_for_it()
    {
        var ring = new FlowEventRing(Options.Create(new TrafficOptions { RingEvents = Capacity, RingTextBytes = 1024 * 1024 }));
        var said = new FirstBytesFacts { ServerName = new string('x', 100_000) };
        for (var i = 0; i < 8; i++)
        {
            ring.Accept(new FlowEvent(FlowEventKind.Ended, 1, new Flow { Key = default, FirstBytes = said }, default));
        }

        var (sequence, events) = (1L, new FlowEvent[16]);
        ring.Read(ref sequence, events);

        Assert.Equal((8, 3), (ring.LastSequence, ring.LeftOutTextsCount));
        Assert.Equal(5, events.Count(told => told.Flow.FirstBytes is not null));
    }

    [Fact]
    public void Each_start_has_an_epoch_of_its_own()
    {
        Assert.NotEqual(_ring.Epoch, new FlowEventRing(Options.Create(new TrafficOptions())).Epoch);
    }

    private void Write(int count)
    {
        for (var i = 0; i < count; i++)
        {
            // The same number in all parts, so that a torn event shows.
            var number = _ring.LastSequence + 1;
            _ring.Accept(new FlowEvent(FlowEventKind.Updated, number, new Flow { Key = default, PacketsOut = number, BytesIn = number }, default));
        }
    }

    private (long Next, List<long> Times) Read(long sequence)
    {
        var events = new FlowEvent[4 * Capacity];
        var count = _ring.Read(ref sequence, events);
        return (sequence + count, events.Take(count).Select(told => told.Time).ToList());
    }

    private async Task<(long Read, long Missed)> FollowTo(long last)
    {
        var events = new FlowEvent[100];
        long next = 1, read = 0, missed = 0;
        while (next <= last)
        {
            await _ring.WaitAsync(next - 1);
            var wanted = next;
            var count = _ring.Read(ref next, events);
            missed += next - wanted;
            for (var i = 0; i < count; i++)
            {
                Assert.Equal((next + i, next + i, next + i), (events[i].Time, events[i].Flow.PacketsOut, events[i].Flow.BytesIn));
            }

            next += count;
            read += count;
        }

        return (read, missed);
    }

    // The writer's number stands in one part and its count in three, so that a torn event shows.
    private void WriteAs(int writer, int count)
    {
        for (var number = 1; number <= count; number++)
        {
            _ring.Accept(new FlowEvent(FlowEventKind.Updated, number, new Flow { Key = new FlowKey(0, 0, (ushort)writer, 0, 0), PacketsOut = number, BytesIn = number }, default));
        }
    }

    private async Task<(long Read, long Missed)> FollowWritersAsync(long last)
    {
        var events = new FlowEvent[100];
        var latest = new Dictionary<ushort, long>();
        long next = 1, read = 0, missed = 0;
        while (next <= last)
        {
            await _ring.WaitAsync(next - 1);
            var wanted = next;
            var count = _ring.Read(ref next, events);
            missed += next - wanted;
            foreach (var told in events.AsSpan(0, count))
            {
                Assert.Equal((told.Time, told.Time), (told.Flow.PacketsOut, told.Flow.BytesIn));
                Assert.True(told.Time > latest.GetValueOrDefault(told.Flow.Key.SourcePort));
                latest[told.Flow.Key.SourcePort] = told.Time;
            }

            next += count;
            read += count;
        }

        return (read, missed);
    }
}
