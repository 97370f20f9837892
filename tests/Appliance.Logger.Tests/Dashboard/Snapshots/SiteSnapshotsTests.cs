using Appliance.Logger.Dashboard.Snapshots;
using Appliance.Logger.Site;
using Appliance.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Logger.Tests.Dashboard.Snapshots;

[Trait("Category", "Slow")]
public sealed class SiteSnapshotsTests
{
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task Many_changes_in_a_second_are_one_snapshot_for_all_pages()
    {
        await using var site = await DashboardSite.StartAsync(_clock);
        var snapshots = site.App.Services.GetRequiredService<SiteSnapshots>();
        var received = new List<SiteSnapshot>();
        var (first, second) = (new SyncPoint(), new SyncPoint());
        using var one = snapshots.Subscribe(snapshot => Take(snapshot, first));
        using var other = snapshots.Subscribe(snapshot => Take(snapshot, second));
        for (var revision = 1; revision <= 100; revision++)
        {
            site.Store(Samples.Alert($"{revision:000}", revision, _clock.GetUtcNow()));
        }

        _clock.Advance(TimeSpan.FromSeconds(1));
        await first.WaitAsync();
        await second.WaitAsync();

        Assert.Equal(2, received.Count);
        Assert.Same(received[0], received[1]);

        Task Take(SiteSnapshot snapshot, SyncPoint taken)
        {
            lock (received)
            {
                received.Add(snapshot);
            }

            taken.Reach();
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Page_that_fails_does_not_keep_the_others_from_theirs()
    {
        await using var site = await DashboardSite.StartAsync(_clock);
        var snapshots = site.App.Services.GetRequiredService<SiteSnapshots>();
        var taken = new SyncPoint();
        using var closed = snapshots.Subscribe(_ => throw new ObjectDisposedException("page"));
        using var open = snapshots.Subscribe(_ =>
        {
            taken.Reach();
            return Task.CompletedTask;
        });

        _clock.Advance(TimeSpan.FromSeconds(1));

        await taken.WaitAsync();
    }

    [Fact]
    public async Task Alerts_are_not_read_again_while_none_changes()
    {
        await using var site = await DashboardSite.StartAsync(_clock);
        site.Store(Samples.Alert("A", 1, _clock.GetUtcNow()));
        var snapshots = site.App.Services.GetRequiredService<SiteSnapshots>();
        using var page = snapshots.Subscribe(_ => Task.CompletedTask);
        site.Traffic.Add(new TrafficPoint(_clock.GetUtcNow(), 1, 1, 1, 1, 0));

        // The store tells of its one change in its own time; after that, nothing may be read again.
        var (before, after) = (snapshots.Refresh(), snapshots.Refresh());
        for (var tries = 0; tries < 100_000 && !ReferenceEquals(before.Newest, after.Newest); tries++)
        {
            await Task.Yield();
            (before, after) = (snapshots.Refresh(), snapshots.Refresh());
        }

        Assert.Same(before.Newest, after.Newest);
        Assert.Single(after.Rates);
    }

    [Fact]
    public async Task Alert_that_grew_too_old_is_not_counted_as_open_any_more()
    {
        await using var site = await DashboardSite.StartAsync(_clock);
        site.Store(Samples.Alert("A", 1, _clock.GetUtcNow()));
        var snapshots = site.App.Services.GetRequiredService<SiteSnapshots>();
        using var page = snapshots.Subscribe(_ => Task.CompletedTask);
        var before = snapshots.Refresh().OpenAlerts["medium"];

        _clock.Advance(TimeSpan.FromHours(2));
        var after = snapshots.Refresh().OpenAlerts["medium"];

        Assert.Equal((1, 0), (before, after));
    }
}
