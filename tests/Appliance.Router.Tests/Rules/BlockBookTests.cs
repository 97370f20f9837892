using Appliance.Hosting.Errors;
using Appliance.Router.Rules;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Rules;

public sealed class BlockBookTests
{
    [Fact]
    public async Task A_watcher_that_does_not_read_is_cut_off_and_the_others_go_on()
    {
        var book = new BlockBook();
        using var slow = book.Watch();
        using var quick = book.Watch();
        var quickRead = 0;

        for (var change = 0; change < 4100; change++)
        {
            book.Put([Drop("203.0.113.7", 60 + change)]);
            quickRead += quick.Changes.TryRead(out _) ? 1 : 0;
        }

        var slowRead = 0;
        var error = await Assert.ThrowsAsync<LimitExceededException>(async () =>
        {
            await foreach (var _ in slow.Changes.ReadAllAsync())
            {
                slowRead++;
            }
        });
        Assert.Equal(("SLOW_READER", 4096, 4100), (error.Reason, slowRead, quickRead));
    }

    [Fact]
    public void A_watcher_that_left_is_told_nothing()
    {
        var book = new BlockBook();
        var watch = book.Watch();

        watch.Dispose();
        book.Put([Drop("203.0.113.7", 60)]);

        Assert.False(watch.Changes.TryRead(out _));
    }
}
