using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Tests.Slots;

public sealed class SlotFeedTests
{
    [Fact]
    public async Task Watcher_gets_all_slots_and_then_what_changes()
    {
        await using var board = await TestBoard.StartAsync();
        using var rig = new SlotRig(board.Client(), TimeProvider.System);
        rig.Feed.Publish(Slots(SlotState.Off));
        await using var watch = rig.Feed.WatchAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        List<Slot> seen = [];
        for (var snapshot = 0; snapshot < 4; snapshot++)
        {
            await watch.MoveNextAsync();
            seen.Add(watch.Current);
        }

        rig.Feed.Publish([.. Slots(SlotState.Off)[..2], .. Slots(SlotState.Powered)[2..3], .. Slots(SlotState.Off)[3..]]);
        await watch.MoveNextAsync();

        Assert.Equal([1, 2, 3, 4], seen.Select(slot => slot.Number.Number));
        Assert.Equal((3, SlotState.Powered), (watch.Current.Number.Number, watch.Current.State));
    }

    [Theory]
    [InlineData(10, 11, false)]
    [InlineData(10, 9, true)]
    [InlineData(10, null, false)]
    public void Uptime_is_news_only_when_it_starts_again(int before, int? after, bool news)
    {
        var first = new Slot(SlotNumber.All[0], SlotState.Powered, "", "", TimeSpan.FromSeconds(before));

        var second = first with { Uptime = after is { } seconds ? TimeSpan.FromSeconds(seconds) : null };

        Assert.Equal(news, second.DiffersFrom(first));
    }

    [Fact]
    public async Task Watcher_that_does_not_keep_up_is_cut_off()
    {
        await using var board = await TestBoard.StartAsync();
        using var rig = new SlotRig(board.Client(), TimeProvider.System);
        await using var watch = rig.Feed.WatchAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await watch.MoveNextAsync();

        for (var change = 0; change < 20; change++)
        {
            rig.Feed.Publish(Slots(change % 2 == 0 ? SlotState.Powered : SlotState.Off));
        }

        var got = 1;
        var error = await Assert.ThrowsAsync<LimitExceededException>(async () =>
        {
            while (await watch.MoveNextAsync())
            {
                got++;
            }
        });
        Assert.Equal("SLOW_READER", error.Reason);
        Assert.Equal(4 + 64, got);
    }

    [Fact]
    public async Task Watchers_are_counted_and_leave_their_place()
    {
        await using var board = await TestBoard.StartAsync();
        using var rig = new SlotRig(board.Client(), TimeProvider.System, new SlotOptions { MaxWatchers = 1 });
        var first = rig.Feed.WatchAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await first.MoveNextAsync();

        var error = await Assert.ThrowsAsync<LimitExceededException>(() => OneAsync(rig.Feed));
        await first.DisposeAsync();
        var slot = await OneAsync(rig.Feed);

        Assert.Equal("TOO_MANY_WATCHERS", error.Reason);
        Assert.Equal(1, slot.Number.Number);
    }

    private static async Task<Slot> OneAsync(SlotFeed feed)
    {
        await foreach (var slot in feed.WatchAsync(TestContext.Current.CancellationToken))
        {
            return slot;
        }

        throw new InvalidOperationException("The feed ended.");
    }

    private static List<Slot> Slots(SlotState state) => [.. SlotNumber.All.Select(number => new Slot(number, state, "", "", null))];
}
