using Appliance.Detector.Alerts;
using Appliance.Detector.Flows;
using Appliance.Hosting.Errors;
using Appliance.Tests.Shared;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Appliance.Detector.Tests.Alerts;

public sealed class AlertStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reopened_file_has_every_alert_as_it_was()
    {
        var alert = Findings.Alert();
        using (var file = Open())
        {
            NewStore(file).Save([alert], null);
        }

        using var again = Open();
        var read = Assert.Single(NewStore(again).ReadAfter(0, 10));

        Assert.Equivalent(alert with { Revision = 1 }, read, strict: true);
    }

    [Fact]
    public void Revisions_count_up_by_one_and_a_grown_alert_moves_to_the_end()
    {
        using var file = Open();
        var store = NewStore(file);
        var (first, second) = (Findings.Alert("192.168.1.1"), Findings.Alert("192.168.1.2"));
        store.Save([first, second], null);
        store.Save([first], null);

        Assert.Equal([(second.Id, 2L), (first.Id, 3L)], store.ReadAfter(0, 10).Select(alert => (alert.Id, alert.Revision)));
        Assert.Equal(3, store.LastRevision);
    }

    [Fact]
    public void Only_new_alerts_are_called_raised()
    {
        using var file = Open();
        var store = NewStore(file);
        var alert = Findings.Alert();

        Assert.Single(store.Save([alert], null));
        Assert.Empty(store.Save([alert], null));
    }

    [Fact]
    public void Alerts_and_place_are_written_together_or_not_at_all()
    {
        var place = new FlowPlace(new FlowCursor("epoch-1", 40), 50);
        using (var file = Open())
        {
            var store = NewStore(file);
            store.Save([Findings.Alert("192.168.1.1")], place);
            using (var trap = AlertFile.Command(file.Writer, "CREATE TRIGGER trap BEFORE UPDATE ON facts WHEN old.name = 'cursor_sequence' BEGIN SELECT RAISE(ABORT, 'disk'); END"))
            {
                trap.ExecuteNonQuery();
            }

            Assert.Throws<SqliteException>(() => store.Save([Findings.Alert("192.168.1.2")], new FlowPlace(new FlowCursor("epoch-1", 90), 95)));
        }

        using var again = Open();
        var after = NewStore(again);
        Assert.Equal((1, 1L, place), (after.ReadAfter(0, 10).Count, after.LastRevision, after.Place));
    }

    [Fact]
    public void Commit_is_flushed_to_the_medium()
    {
        using var file = Open();

        foreach (var connection in (SqliteConnection[])[file.Writer, file.Reader])
        {
            using var synchronous = AlertFile.Command(connection, "PRAGMA synchronous");
            using var journal = AlertFile.Command(connection, "PRAGMA journal_mode");
            Assert.Equal((2L, "wal"), (synchronous.ExecuteScalar(), journal.ExecuteScalar()));
        }
    }

    [Fact]
    public void File_left_by_a_killed_process_is_read_whole()
    {
        using var file = Open();
        NewStore(file).Save([Findings.Alert()], new FlowPlace(new FlowCursor("e", 7), 9));

        // What a kill -9 leaves: the main file and a log that nobody has taken over.
        foreach (var part in (string[])[string.Empty, "-wal"])
        {
            File.Copy(_folder.File("alerts.db") + part, _folder.File("killed.db") + part);
        }

        using var killed = new AlertFile(_folder.File("killed.db"), TimeProvider.System);
        Assert.Single(NewStore(killed).ReadAfter(0, 10));
        Assert.Equal(7UL, NewStore(killed).Place?.Cursor.Sequence);
    }

    [Fact]
    public void Oldest_alerts_are_dropped_beyond_the_cap_and_revisions_go_on()
    {
        using var file = Open();
        var store = NewStore(file, new AlertOptions { RetainedAlerts = 100 });
        for (var i = 0; i < 120; i++)
        {
            store.Save([Findings.Alert($"192.168.1.{i}")], null);
        }

        var kept = store.ReadAfter(0, 1000);
        Assert.Equal((100, 21L, 120L), (kept.Count, kept[0].Revision, store.LastRevision));
    }

    [Fact]
    public void Revision_of_a_dropped_alert_is_not_given_again()
    {
        using (var file = Open())
        {
            NewStore(file).Save([Findings.Alert()], null);
            using var delete = AlertFile.Command(file.Writer, "DELETE FROM alerts");
            delete.ExecuteNonQuery();
        }

        using var again = Open();
        NewStore(again).Save([Findings.Alert()], null);
        Assert.Equal(2, NewStore(again).LastRevision);
    }

    [Fact]
    public void Acknowledgement_is_a_revision_and_survives_growth()
    {
        using var file = Open();
        var store = NewStore(file);
        var alert = Findings.Alert();
        store.Save([alert], null);
        var time = DateTimeOffset.UnixEpoch.AddYears(56);

        var acknowledged = store.Acknowledge(alert.Id, "spiffe://home/operator/alice", time);
        store.Save([alert], null);

        var read = Assert.Single(store.ReadAfter(0, 10));
        Assert.Equal((2L, 3L), (acknowledged.Revision, read.Revision));
        Assert.Equal(("spiffe://home/operator/alice", time), (read.Acknowledger, read.AcknowledgeTime));
    }

    [Fact]
    public void Second_acknowledgement_changes_nothing()
    {
        using var file = Open();
        var store = NewStore(file);
        var alert = Findings.Alert();
        store.Save([alert], null);
        var first = store.Acknowledge(alert.Id, "spiffe://home/operator/alice", DateTimeOffset.UnixEpoch);

        var second = store.Acknowledge(alert.Id, "spiffe://home/operator/bob", DateTimeOffset.UnixEpoch.AddDays(1));

        Assert.Equal((first.Acknowledger, first.Revision), (second.Acknowledger, second.Revision));
    }

    [Fact]
    public void Unknown_alert_cannot_be_acknowledged()
    {
        using var file = Open();

        Assert.Throws<NotFoundException>(() => NewStore(file).Acknowledge("01ARYZ6S410000000000000000", "x", DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void Damaged_file_is_set_aside_and_alerts_go_on()
    {
        File.WriteAllText(_folder.File("alerts.db"), new string('x', 10_000));

        using var file = Open();
        NewStore(file).Save([Findings.Alert()], null);

        Assert.True(File.Exists(file.SetAsidePath));
        Assert.Single(NewStore(file).ReadAfter(0, 10));
    }

    [Fact]
    public void File_of_a_newer_program_is_refused_by_name()
    {
        using (var file = Open())
        {
            using var newer = AlertFile.Command(file.Writer, "PRAGMA user_version=9");
            newer.ExecuteNonQuery();
        }

        var error = Assert.Throws<InvalidOperationException>(Open);
        Assert.Contains("has schema 9, this program knows up to 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Freshest_alerts_come_oldest_first()
    {
        using var file = Open();
        var store = NewStore(file);
        for (var i = 0; i < 5; i++)
        {
            store.Save([Findings.Alert($"192.168.1.{i}", Findings.Start + ((i * 7 % 5) * Findings.Second))], null);
        }

        var freshest = store.ReadFreshest(3);
        Assert.Equal([2, 3, 4], freshest.Select(alert => (int)(alert.Time.ToUnixTimeSeconds() - (Findings.Start / Findings.Second))));
    }

    private AlertFile Open() => new(_folder.File("alerts.db"), TimeProvider.System);

    private static AlertStore NewStore(AlertFile file, AlertOptions? options = null) => new(file, Options.Create(options ?? new AlertOptions()));
}
