using Appliance.Logger.Alerts;

namespace Appliance.Logger.Tests.Alerts;

public sealed class AlertStoreTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    private AlertStore Store => _folder.Store;

    [Fact]
    public void What_was_stored_is_returned_after_a_crash()
    {
        Store.Store(Samples.Alerts(3), lastRevision: 3);

        _folder.OpenAsAfterCrash();

        Assert.Equal([Samples.Id(3), Samples.Id(2), Samples.Id(1)], Store.List(new AlertQuery()).Select(alert => alert.Id));
        Assert.Equal(3, Store.LastRevision);
    }

    [Fact]
    public void Every_field_comes_back_as_it_was_stored()
    {
        var alert = Samples.Alert(1) with { Acknowledger = "spiffe://home/operator/bob", AcknowledgeTime = Samples.Start.AddDays(1) };

        Store.Store([alert], 1);

        Assert.Equivalent(alert, Store.Find(alert.Id), strict: true);
    }

    [Fact]
    public void A_new_revision_replaces_the_old_one()
    {
        Store.Store([Samples.Alert(1)], 1);

        Store.Store([Samples.Alert(1) with { Revision = 2, Severity = "high" }], 2);

        var alert = Assert.Single(Store.List(new AlertQuery()));
        Assert.Equal((2, "high"), (alert.Revision, alert.Severity));
    }

    [Fact]
    public void A_revision_that_came_before_changes_nothing()
    {
        Store.Store([Samples.Alert(1) with { Revision = 2, Severity = "high" }], 2);

        Store.Store([Samples.Alert(1)], 2);

        Assert.Equal("high", Store.Find(Samples.Id(1))!.Severity);
    }

    [Fact]
    public void Pages_follow_one_another_without_gap_or_repeat_while_alerts_arrive()
    {
        Store.Store([.. Samples.Alerts(25).Select(alert => alert with { Time = Samples.Start.AddSeconds(alert.Revision / 5) })], 25);
        var seen = new List<string>();
        AlertCursor? after = null;

        for (int page = 0; page < 3; page++)
        {
            var alerts = Store.List(new AlertQuery { Limit = 10, After = after });
            seen.AddRange(alerts.Select(alert => alert.Id));
            after = AlertCursor.After(alerts[^1]);
            Store.Store([Samples.Alert(100 + page)], 100 + page);
        }

        Assert.Equal(Samples.Alerts(25).Reverse().Select(alert => alert.Id), seen);
    }

    [Fact]
    public void A_query_selects_by_category_severity_source_and_time()
    {
        Store.Store(
            [
                Samples.Alert(1),
                Samples.Alert(2) with { Category = "flood" },
                Samples.Alert(3) with { Severity = "low" },
                Samples.Alert(4) with { Source = "192.0.2.8" },
                Samples.Alert(50),
            ],
            50);

        var alerts = Store.List(new AlertQuery
        {
            Category = "scan",
            MinSeverity = "medium",
            Source = "192.0.2.7",
            Start = Samples.Start.AddSeconds(1),
            End = Samples.Start.AddSeconds(50),
        });

        Assert.Equal(Samples.Id(1), Assert.Single(alerts).Id);
    }

    [Fact]
    public void An_answer_known_before_its_alert_is_joined_to_it()
    {
        Store.SetActions([new AlertResponse(Samples.Id(1), AlertAction.Blocked)]);

        Store.Store([Samples.Alert(1)], 1);

        Assert.Equal(AlertAction.Blocked, Store.Find(Samples.Id(1))!.Action);
    }

    [Fact]
    public void A_weaker_answer_does_not_replace_a_stronger_one()
    {
        Store.Store([Samples.Alert(1)], 1);
        Store.SetActions([new AlertResponse(Samples.Id(1), AlertAction.Blocked)]);

        Store.SetActions([new AlertResponse(Samples.Id(1), AlertAction.WouldBlock)]);

        Assert.Equal(AlertAction.Blocked, Store.Find(Samples.Id(1))!.Action);
    }

    [Fact]
    public void A_new_revision_keeps_the_answer()
    {
        Store.Store([Samples.Alert(1)], 1);
        Store.SetActions([new AlertResponse(Samples.Id(1), AlertAction.RateLimited)]);

        Store.Store([Samples.Alert(1) with { Revision = 2 }], 2);

        Assert.Equal(AlertAction.RateLimited, Store.Find(Samples.Id(1))!.Action);
    }

    [Fact]
    public void Open_alerts_are_counted_by_severity()
    {
        _folder.Clock.SetUtcNow(Samples.Start.AddHours(2));
        Store.Store(
            [
                Samples.Alert(1),
                Fresh(2, "high"),
                Fresh(3, "high"),
                Fresh(4, "critical") with { Acknowledger = "bob", AcknowledgeTime = Samples.Start },
            ],
            4);

        var counts = Store.CountBySeverity();

        Assert.Equal([("critical", 0), ("high", 2), ("info", 0), ("low", 0), ("medium", 0)], counts.OrderBy(one => one.Key).Select(one => (one.Key, one.Value)));
    }

    [Fact]
    public async Task A_watcher_sees_changes_from_its_call_on()
    {
        Store.Store([Samples.Alert(1)], 1);
        await using var watch = Store.WatchAsync(CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);

        Store.Store([Samples.Alert(2)], 2);
        Store.SetActions([new AlertResponse(Samples.Id(1), AlertAction.Blocked)]);

        await watch.MoveNextAsync();
        Assert.Equal(Samples.Id(2), watch.Current.Id);
        await watch.MoveNextAsync();
        Assert.Equal((Samples.Id(1), AlertAction.Blocked), (watch.Current.Id, watch.Current.Action));
    }

    [Fact]
    public async Task A_watcher_that_does_not_read_loses_the_oldest_changes()
    {
        await using var watch = Store.WatchAsync(CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);

        Store.Store(Samples.Alerts(1030), 1030);

        await watch.MoveNextAsync();
        Assert.Equal(Samples.Id(7), watch.Current.Id);
    }

    [Fact]
    public void After_the_cursor_is_forgotten_pulling_starts_at_the_oldest()
    {
        Store.Store([Samples.Alert(9)], 9);

        Store.ForgetCursor();

        Assert.Equal(0, Store.LastRevision);
        Assert.NotNull(Store.Find(Samples.Id(9)));
    }

    public void Dispose() => _folder.Dispose();

    private StoredAlert Fresh(int number, string severity)
    {
        var now = _folder.Clock.GetUtcNow();
        return Samples.Alert(number) with { Severity = severity, Evidence = new AlertEvidence(1, now, now) };
    }
}
