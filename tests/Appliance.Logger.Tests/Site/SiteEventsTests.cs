using Appliance.Hosting;
using Appliance.Hosting.Audit;
using Appliance.Hosting.Events;
using Appliance.Logger.Alerts;
using Appliance.Logger.Audit;
using Appliance.Logger.Site;
using Appliance.Logger.Storage;
using Appliance.Logger.Tests.Alerts;
using Microsoft.Data.Sqlite;

namespace Appliance.Logger.Tests.Site;

public sealed class SiteEventsTests : IDisposable
{
    private readonly StoreFolder _folder = new();
    private readonly RecordingLogger<SiteEvents> _log = new();

    private SiteEvents Events => new(_folder.Store, _folder.File, Microsoft.Extensions.Options.Options.Create(_folder.Options), _folder.Clock, _log);

    private AuditTrail Trail => new(_folder.File);

    [Fact]
    public void Warning_becomes_one_system_alert_and_the_next_of_the_same_part_grows_it()
    {
        Events.Store(Role.Router, [Told(1, EventSeverity.Info), Told(2, EventSeverity.Warning), Told(3, EventSeverity.Warning)]);

        var alert = Assert.Single(_folder.Store.List(new AlertQuery()));
        Assert.Equal(("system", "low", "router", "firewall"), (alert.Category, alert.Severity, alert.Source, alert.Service));
        Assert.Equal(2, alert.Evidence.Events);
        Assert.Equal("router: event 3", Assert.Single(alert.Explanations).Text);
        Assert.Equal(26, alert.Id.Length);
    }

    [Fact]
    public void Error_is_high_and_other_parts_roles_and_later_hours_have_alerts_of_their_own()
    {
        Events.Store(Role.Router, [Told(1, EventSeverity.Error), Told(2, EventSeverity.Error) with { Part = "capture" }]);
        Events.Store(Role.Bmc, [Told(1, EventSeverity.Error, Role.Bmc)]);
        Events.Store(Role.Router, [Told(3, EventSeverity.Error) with { Time = Samples.Start.AddHours(3) }]);

        var alerts = _folder.Store.List(new AlertQuery());

        Assert.Equal(4, alerts.Count);
        Assert.All(alerts, alert => Assert.Equal("high", alert.Severity));
        Assert.Equal(4, alerts.Select(alert => alert.Id).Distinct().Count());
    }

    [Fact]
    public void Events_that_are_pulled_again_double_nothing_also_in_another_epoch()
    {
        var change = Change(1, AuditChain.Start, allowed: false);
        Events.Store(Role.Router, [Told(1, EventSeverity.Warning), change]);
        var before = _folder.Store.List(new AlertQuery());

        _folder.OpenAsAfterCrash();
        Events.Store(Role.Router, [Told(1, EventSeverity.Warning), change]);
        Events.Store(Role.Router, [change with { Epoch = "next", Sequence = 7 }]);

        Assert.Equivalent(before, _folder.Store.List(new AlertQuery()), strict: true);
        Assert.Single(Trail.List(new AuditQuery()));
        Assert.Equal(new EventCursor("next", 7), Events.CursorOf(Role.Router));
    }

    [Fact]
    public void Own_alerts_leave_the_place_in_the_Detectors_alone()
    {
        _folder.Store.Store([Samples.Alert(1)], 1);

        Events.Store(Role.Router, [Told(1, EventSeverity.Warning)]);

        Assert.Equal((1, Samples.Id(1)), (_folder.Store.LastRevision, _folder.Store.LastAlertId));
    }

    [Fact]
    public void Own_alerts_wait_in_the_outbox_like_any_other()
    {
        Events.Store(Role.Router, [Told(1, EventSeverity.Warning)]);

        Assert.Equal(1L, _folder.File.Reader.Scalar("SELECT count(*) FROM outbox"));
    }

    [Fact]
    public void Chain_that_goes_on_raises_nothing_and_one_that_does_not_is_told()
    {
        var first = Change(1, AuditChain.Start);
        var second = Change(2, first.Audit!.Hash);
        Events.Store(Role.Router, [first, second]);
        Assert.Empty(_folder.Store.List(new AlertQuery()));

        Events.Store(Role.Router, [Change(3, first.Audit.Hash)]);

        var alert = Assert.Single(_folder.Store.List(new AlertQuery()));
        Assert.Equal(("system", "high", "audit"), (alert.Category, alert.Severity, alert.Service));
        Assert.Contains("Entry 3 of the router's audit log does not continue", alert.Explanations[0].Text, StringComparison.Ordinal);
        Assert.Equal(3, Trail.List(new AuditQuery()).Count);
    }

    [Fact]
    public void Log_that_was_begun_anew_is_told_and_both_are_kept()
    {
        Events.Store(Role.Router, [Change(1, AuditChain.Start)]);

        Events.Store(Role.Router, [Change(1, AuditChain.Start, subject: "another")]);

        var alert = Assert.Single(_folder.Store.List(new AlertQuery()));
        Assert.Contains("rewritten or begun anew", alert.Explanations[0].Text, StringComparison.Ordinal);
        Assert.Equal(2, Trail.List(new AuditQuery()).Count);
    }

    [Fact]
    public void Entry_whose_forerunner_was_missed_is_kept_and_the_gap_is_logged()
    {
        Events.Store(Role.Router, [Told(1, EventSeverity.Info)]);

        Events.Store(Role.Router, [Change(9, new byte[32]) with { Epoch = "one", Sequence = 5 }]);

        Assert.Single(Trail.List(new AuditQuery()));
        Assert.Empty(_folder.Store.List(new AlertQuery()));
        Assert.Contains(_log.Messages, line => line.StartsWith("3 events of the Router", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("UPDATE audit SET actor = 'mallory'")]
    [InlineData("DELETE FROM audit")]
    public void Trail_only_grows(string statement)
    {
        Events.Store(Role.Router, [Change(1, AuditChain.Start)]);
        using var command = _folder.File.Writer.CreateCommand();
#pragma warning disable CA2100 // The texts are this test's own.
        command.CommandText = statement;
#pragma warning restore CA2100

        Assert.Throws<SqliteException>(() => command.ExecuteNonQuery());
    }

    public void Dispose() => _folder.Dispose();

    private static SiteEvent Told(ulong sequence, EventSeverity severity, Role role = Role.Router) =>
        new(role, "one", sequence, Samples.Start.AddSeconds(sequence), severity, "firewall", $"event {sequence}");

    private static SiteEvent Change(long sequence, ReadOnlyMemory<byte> before, bool allowed = true, string subject = "block_id=b1")
    {
        var reason = allowed ? "" : "PERMISSION_DENIED: no";
        var entry = new AuditEntry(sequence, Samples.Start.AddSeconds(sequence), "spiffe://home/reader/alice", "DeleteBlock", subject, reason, allowed, default);
        entry = entry with { Hash = AuditChain.HashOf(before.Span, entry) };
        return new SiteEvent(Role.Router, "one", 1 + (ulong)sequence, entry.Time, AuditWords.SeverityOf(entry), AuditWords.Part, AuditWords.Sentence(entry)) { Audit = entry };
    }
}
