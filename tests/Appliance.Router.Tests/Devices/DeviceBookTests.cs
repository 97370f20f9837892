using Appliance.Hosting.Errors;
using Appliance.Router.Decoding;
using Appliance.Router.Devices;

namespace Appliance.Router.Tests.Devices;

public sealed class DeviceBookTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly DeviceBook _book = new(TimeSpan.FromMinutes(1));

    [Fact]
    public void Watch_has_what_is_there_and_then_changes()
    {
        _book.Put(Make(1), isNews: true);
        _book.Put(Make(2), isNews: true);
        using var watch = _book.Watch("", 0);

        _book.Put(Make(1) with { Name = "Door" }, isNews: true);
        _book.Remove(Make(2).Mac);

        Assert.False(watch.IsResumed);
        Assert.Equal([Make(1).Id, Make(2).Id], watch.Snapshot.Select(change => change.Id));
        Assert.Equal("Door", Next(watch).Device!.Name);
        Assert.Null(Next(watch).Device);
    }

    [Fact]
    public void Watch_behind_a_cursor_has_what_changed_and_what_went()
    {
        _book.Put(Make(1), isNews: true);
        _book.Put(Make(2), isNews: true);
        _book.Put(Make(3), isNews: true);
        _book.Remove(Make(2).Mac);
        _book.Put(Make(1) with { Name = "Door" }, isNews: true);

        using var watch = _book.Watch(_book.Epoch, 3);

        Assert.True(watch.IsResumed);
        Assert.Equal([(4L, Make(2).Id, null), (5L, Make(1).Id, "Door")], watch.Snapshot.Select(change => (change.Sequence, change.Id, change.Device?.Name)));
        Assert.Equal(5, watch.Sequence);
    }

    [Fact]
    public void Cursor_of_another_life_gets_everything()
    {
        _book.Put(Make(1), isNews: true);

        using var watch = _book.Watch("before", 77);

        Assert.False(watch.IsResumed);
        Assert.Single(watch.Snapshot);
    }

    [Fact]
    public void Cursor_of_the_future_is_refused()
    {
        var error = Assert.Throws<InvalidInputException>(() => _book.Watch(_book.Epoch, 1));

        Assert.Equal("cursor.sequence", error.Faults.Single().Field);
    }

    [Fact]
    public void Cursor_before_removals_that_are_not_held_any_more_gets_everything()
    {
        _book.Put(Make(1), isNews: true);
        foreach (var number in Enumerable.Range(2, 1025))
        {
            _book.Put(Make(number), isNews: true);
            _book.Remove(Make(number).Mac);
        }

        using var watch = _book.Watch(_book.Epoch, 1);

        Assert.False(watch.IsResumed);
        Assert.Equal([Make(1).Id], watch.Snapshot.Select(change => change.Id));
    }

    [Fact]
    public void Device_of_which_nothing_is_new_is_told_once_an_interval()
    {
        _book.Put(Make(1), isNews: true);

        var told = Enumerable.Range(1, 130).Count(second => _book.Put(Make(1) with { LastSeen = Start.AddSeconds(second) }, isNews: false));

        Assert.Equal(2, told);
        Assert.Equal(Start.AddSeconds(130), _book.Find(Make(1).Mac)!.LastSeen);
    }

    [Fact]
    public async Task Reader_that_falls_behind_is_cut_off()
    {
        using var watch = _book.Watch("", 0);

        for (var i = 0; i <= 4096; i++)
        {
            _book.Put(Make(1), isNews: true);
        }

        await Assert.ThrowsAsync<LimitExceededException>(async () =>
        {
            await foreach (var _ in watch.Changes.ReadAllAsync(TestContext.Current.CancellationToken))
            {
            }
        });
    }

    private static DeviceChange Next(DeviceWatch watch) => watch.Changes.TryRead(out var change) ? change : throw new InvalidOperationException("No change was told.");

    private static Device Make(int number) => new(new MacAddress((ulong)number), Start);
}
