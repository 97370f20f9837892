using Appliance.Logger.Alerts;
using Appliance.Logger.Fanout;
using Appliance.Logger.Tests.Alerts;

namespace Appliance.Logger.Tests.Fanout;

public sealed class AlertOutboxTests : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private readonly StoreFolder _folder = new();

    private AlertOutbox Outbox => new(_folder.File, _folder.Store, _folder.Clock);

    private IEnumerable<string> Pending => Outbox.Peek(1000, 0).Select(entry => entry.Alert.Id);

    [Fact]
    public void Every_stored_alert_is_to_be_told_after_a_crash_too()
    {
        _folder.Store.Store(Samples.Alerts(3), 3);

        _folder.OpenAsAfterCrash();

        Assert.Equal([Samples.Id(1), Samples.Id(2), Samples.Id(3)], Pending);
    }

    [Fact]
    public void What_was_acknowledged_is_not_told_again()
    {
        _folder.Store.Store(Samples.Alerts(3), 3);

        Outbox.Clear(Outbox.Peek(2, 0));

        Assert.Equal([Samples.Id(3)], Pending);
    }

    [Fact]
    public void The_first_acknowledgement_is_the_publish_time()
    {
        _folder.Store.Store([Samples.Alert(1)], 1);
        Outbox.Clear(Outbox.Peek(1, 0));
        Outbox.Replay();
        _folder.Clock.Advance(TimeSpan.FromMinutes(1));

        Outbox.Clear(Outbox.Peek(1, 0));

        Assert.Equal(Samples.Start, _folder.Store.Find(Samples.Id(1))!.PublishTime);
    }

    [Fact]
    public void Growing_evidence_alone_is_not_told_again()
    {
        _folder.Store.Store([Samples.Alert(1)], 1);
        Outbox.Clear(Outbox.Peek(1, 0));

        _folder.Store.Store([Samples.Alert(1) with { Revision = 2, Evidence = Samples.Alert(1).Evidence with { Events = 99 } }], 2);

        Assert.Empty(Pending);
    }

    [Fact]
    public void A_risen_severity_is_told_again()
    {
        _folder.Store.Store([Samples.Alert(1)], 1);
        Outbox.Clear(Outbox.Peek(1, 0));

        _folder.Store.Store([Samples.Alert(1) with { Revision = 2, Severity = "critical" }], 2);

        Assert.Equal("critical", Assert.Single(Outbox.Peek(10, 0)).Alert.Severity);
    }

    [Fact]
    public void An_answer_of_the_Router_is_told_again_once()
    {
        _folder.Store.Store([Samples.Alert(1)], 1);
        Outbox.Clear(Outbox.Peek(1, 0));

        _folder.Store.SetActions([new AlertResponse(Samples.Id(1), AlertAction.Blocked)]);
        var told = Outbox.Peek(10, 0);
        Outbox.Clear(told);
        _folder.Store.SetActions([new AlertResponse(Samples.Id(1), AlertAction.Blocked)]);

        Assert.Equal(AlertAction.Blocked, Assert.Single(told).Alert.Action);
        Assert.Empty(Pending);
    }

    [Fact]
    public void A_change_while_the_older_text_is_under_way_is_not_cleared_with_it()
    {
        _folder.Store.Store([Samples.Alert(1)], 1);
        var underWay = Outbox.Peek(1, 0);

        _folder.Store.SetActions([new AlertResponse(Samples.Id(1), AlertAction.Blocked)]);
        Outbox.Clear(underWay);

        Assert.Equal(AlertAction.Blocked, Assert.Single(Outbox.Peek(10, 0)).Alert.Action);
    }

    [Fact]
    public void After_a_broker_restart_what_was_told_shortly_before_is_told_again()
    {
        _folder.Store.Store(Samples.Alerts(2), 2);
        Outbox.Clear(Outbox.Peek(10, 0));

        int count = Outbox.Replay();

        Assert.Equal(2, count);
        Assert.Equal([Samples.Id(1), Samples.Id(2)], Pending);
    }

    [Fact]
    public void What_the_broker_outlived_by_the_window_is_not_told_again()
    {
        _folder.Store.Store([Samples.Alert(1)], 1);
        Outbox.Clear(Outbox.Peek(10, 0));
        _folder.Clock.Advance(TimeSpan.FromMinutes(11));
        _folder.Store.Store([Samples.Alert(2)], 2);
        Outbox.Clear(Outbox.Peek(10, 0));

        Outbox.Settle(Window);
        Outbox.Replay();

        Assert.Equal([Samples.Id(2)], Pending);
    }

    [Fact]
    public void A_long_outage_does_not_age_what_was_told_right_before_it()
    {
        _folder.Store.Store([Samples.Alert(1)], 1);
        Outbox.Clear(Outbox.Peek(10, 0));
        _folder.Clock.Advance(TimeSpan.FromDays(3));

        _folder.OpenAsAfterCrash();
        Outbox.Replay();

        Assert.Equal([Samples.Id(1)], Pending);
    }

    public void Dispose() => _folder.Dispose();
}
