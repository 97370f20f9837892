using Appliance.Router.Decoding.Streams;

namespace Appliance.Router.Tests.Decoding.Streams;

public sealed class StreamHeadsTests
{
    [Fact]
    public void The_oldest_gives_way()
    {
        var heads = new StreamHeads(2);
        heads.Take(1, time: 20);
        heads.Take(2, time: 10);

        heads.Take(3, time: 30);

        Assert.Equal((true, false, true), (heads.Find(1) is not null, heads.Find(2) is not null, heads.Find(3) is not null));
        Assert.Equal((2, 1L), (heads.Count, heads.LostCount));
    }

    [Fact]
    public void What_is_released_is_used_again()
    {
        var heads = new StreamHeads(2);
        var first = heads.Take(1, time: 1);
        first.Put(0, [1, 2, 3]);
        heads.Release(1);

        var second = heads.Take(2, time: 2);

        Assert.Same(first, second);
        Assert.Equal((1, 0), (heads.Count, second.Length));
    }
}
