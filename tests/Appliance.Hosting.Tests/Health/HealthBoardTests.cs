using Appliance.Hosting.Health;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Hosting.Tests.Health;

public sealed class HealthBoardTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly HealthBoard _board;

    public HealthBoardTests() => _board = new HealthBoard(_clock);

    [Fact]
    public void Snapshot_has_the_last_state_of_each_part()
    {
        _board.Report("store", PartState.Healthy, "open");
        _board.Report("capture", PartState.Healthy, "eth0");
        _clock.Advance(TimeSpan.FromSeconds(5));
        _board.Report("capture", PartState.Failed, "eth0 is gone");

        var snapshot = _board.Snapshot;

        Assert.Equal(
            [
                new PartHealth("capture", PartState.Failed, "eth0 is gone", _clock.GetUtcNow()),
                new PartHealth("store", PartState.Healthy, "open", _clock.GetUtcNow().AddSeconds(-5)),
            ],
            snapshot);
    }

    [Fact]
    public void Saying_the_same_again_keeps_the_time_of_the_change()
    {
        _board.Report("store", PartState.Healthy, "open");
        _clock.Advance(TimeSpan.FromMinutes(1));

        _board.Report("store", PartState.Healthy, "open");

        Assert.Equal(_clock.GetUtcNow().AddMinutes(-1), Assert.Single(_board.Snapshot).ChangeTime);
    }

    [Fact]
    public async Task Watcher_gets_what_is_and_then_what_changes()
    {
        _board.Report("store", PartState.Healthy, "open");
        await using var watch = _board.WatchAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator();

        var first = await NextAsync(watch);
        var next = watch.MoveNextAsync();
        _board.Report("capture", PartState.Degraded, "drops");
        await next;

        Assert.Equal("store", first.Part);
        Assert.Equal(("capture", PartState.Degraded), (watch.Current.Part, watch.Current.State));
    }

    [Fact]
    public async Task Slow_watcher_gets_the_last_state_and_no_backlog()
    {
        _board.Report("store", PartState.Healthy, "0");
        await using var watch = _board.WatchAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        await NextAsync(watch);
        for (var change = 1; change <= 1000; change++)
        {
            _board.Report("store", PartState.Degraded, $"{change}");
        }

        var seen = await NextAsync(watch);
        var next = watch.MoveNextAsync();

        Assert.Equal("1000", seen.Text);
        Assert.False(next.IsCompleted);
        _board.Report("store", PartState.Healthy, "end");
        await next;
    }

    [Fact]
    public async Task Watch_ends_with_its_token()
    {
        using var ending = new CancellationTokenSource();
        await using var watch = _board.WatchAsync(ending.Token).GetAsyncEnumerator();
        var next = watch.MoveNextAsync();

        await ending.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
    }

    private static async Task<PartHealth> NextAsync(IAsyncEnumerator<PartHealth> watch)
    {
        Assert.True(await watch.MoveNextAsync());
        return watch.Current;
    }
}
