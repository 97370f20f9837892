using System.Text;
using Appliance.Router.Decoding.Streams;
using CsCheck;

namespace Appliance.Router.Tests.Decoding.Streams;

public sealed class StreamHeadTests
{
    private readonly StreamHead _head = new();

    [Fact]
    public void Parts_in_any_order_give_the_stream()
    {
        Put((6, "world"), (0, "hello"), (5, " "));

        Assert.Equal("hello world", Text());
    }

    [Fact]
    public void A_gap_hides_what_is_behind_it()
    {
        Put((0, "hello"), (6, "world"));

        Assert.Equal("hello", Text());
    }

    [Fact]
    public void Of_what_comes_twice_the_first_counts()
    {
        Put((0, "hello"), (3, "XX world"), (0, "HELLO"));

        Assert.Equal("hello world", Text());
    }

    [Fact]
    public void What_is_dropped_makes_room_and_moves_the_rest_forward()
    {
        Put((0, "hello"), (70, "there"));

        _head.Drop(3);
        Put((2, new string('-', 65)));

        Assert.Equal("lo" + new string('-', 65) + "there", Text());
        Assert.False(_head.HasMore);
    }

    [Fact]
    public void Nothing_is_left_of_what_is_wiped()
    {
        Put((0, "secret"));

        _head.Wipe();

        Assert.Equal(new byte[6], _head.Bytes.ToArray());
    }

    [Fact]
    public void What_lies_before_the_window_is_left_out()
    {
        Put((-3, "xyzhello"), (-9, "old"), (int.MinValue, "older"));

        Assert.Equal("hello", Text());
    }

    [Fact]
    public void What_lies_behind_the_window_is_left_out()
    {
        _head.Put(0, new byte[StreamHead.Capacity - 1]);
        _head.Put(StreamHead.Capacity - 1, [1, 2, 3]);
        _head.Put(long.MaxValue, [1]);

        Assert.Equal((StreamHead.Capacity, true), (_head.Length, _head.IsFull));
    }

    [Fact]
    public void Many_crumbs_fill_it_too()
    {
        for (var i = 0; i < 32; i++)
        {
            _head.Put(100 + (2 * i), [1]);
        }

        Assert.True(_head.IsFull);
    }

    [Fact]
    public void It_begins_anew_empty()
    {
        Put((0, "hello"));

        _head.Begin(time: 1);
        Put((0, "x"));

        Assert.Equal("x", Text());
    }

    // Cut at any places, shuffled, with parts sent again: the same as what was sent.
    [Fact]
    public void However_a_stream_is_cut_and_shuffled_it_is_put_in_order() => Gen.Select(Gen.Byte.Array[1, 3000], Gen.Int[0, 3000].Array[0, 12], Gen.Int[0, int.MaxValue]).Sample(
        (stream, cuts, seed) =>
        {
            int[] places = [0, .. cuts.Select(cut => cut % stream.Length).Order(), stream.Length];
            var parts = places.Zip(places[1..], (start, end) => (Start: start, End: Math.Min(stream.Length, end + 7))).ToArray();
            new Random(seed).Shuffle(parts);
            var head = new StreamHead();

            foreach (var (start, end) in parts)
            {
                head.Put(start, stream.AsSpan(start..end));
            }

            Assert.Equal(stream, head.Bytes.ToArray());
        },
        iter: 3_000,
        threads: 1);

    private void Put(params (int Place, string Part)[] parts)
    {
        foreach (var (place, part) in parts)
        {
            _head.Put(place, Encoding.ASCII.GetBytes(part));
        }
    }

    private string Text() => Encoding.ASCII.GetString(_head.Bytes);
}
