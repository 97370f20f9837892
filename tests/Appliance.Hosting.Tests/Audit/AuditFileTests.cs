using Appliance.Hosting.Audit;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Health;
using Microsoft.Data.Sqlite;

namespace Appliance.Hosting.Tests.Audit;

public sealed class AuditFileTests : IDisposable
{
    private readonly AuditFolder _folder = new();

    [Fact]
    public void Entries_of_an_earlier_run_are_there_and_the_chain_goes_on()
    {
        using (var first = _folder.Open())
        {
            first.Append([Record("one"), Record("two")], _folder.Clock.GetUtcNow());
        }

        using var second = _folder.Open();
        var third = Assert.Single(second.Append([Record("three")], _folder.Clock.GetUtcNow()));

        Assert.Equal(["one", "two"], second.Held.Select(entry => entry.Subject));
        Assert.Equal(3, third.Sequence);
        Assert.Equal((3, null), (Verdict().Entries, Verdict().Fault));
        Assert.Equal(third.Hash.ToArray(), Verdict().LastHash.ToArray());
        Assert.Equal(PartState.Healthy, _folder.Health.State);
    }

    [Theory]
    [InlineData("UPDATE audit SET reason = 'another' WHERE sequence = 1")]
    [InlineData("DELETE FROM audit WHERE sequence = 3")]
    [InlineData("INSERT OR REPLACE INTO audit SELECT sequence, time, 'mallory', action, subject, reason, allowed, hash FROM audit WHERE sequence = 3")]
    [InlineData("INSERT INTO audit SELECT 7, time, actor, action, subject, reason, allowed, hash FROM audit WHERE sequence = 3")]
    public void Statement_that_is_no_entry_after_the_last_is_refused(string statement)
    {
        Fill(3);

        Assert.Throws<SqliteException>(() => _folder.Run(statement));

        Assert.Null(Verdict().Fault);
        Assert.Equal(3, Verdict().Entries);
    }

    [Theory]
    [InlineData("UPDATE audit SET actor = 'mallory' WHERE sequence = 2", "entry 2 ")]
    [InlineData("UPDATE audit SET allowed = 0 WHERE sequence = 3", "entry 3 ")]
    [InlineData("UPDATE audit SET time = time + 1 WHERE sequence = 1", "entry 1 ")]
    [InlineData("UPDATE audit SET subject = 'on', reason = 'e' || reason WHERE sequence = 1", "entry 1 ")]
    [InlineData("DELETE FROM audit WHERE sequence = 2", "entry 2 is missing")]
    [InlineData("DELETE FROM audit WHERE sequence = 1", "entry 1 is missing")]
    [InlineData("UPDATE audit SET hash = 'text' WHERE sequence = 2", "entry 2 ")]
    public void Chain_that_was_tampered_with_is_told_at_the_next_start_and_never_mended(string statement, string expected)
    {
        Fill(3);
        _folder.Tamper(statement);

        using var file = _folder.Open();
        file.Append([Record("later")], _folder.Clock.GetUtcNow());

        Assert.Contains(expected, file.Fault, StringComparison.Ordinal);
        Assert.Equal(PartState.Failed, _folder.Health.State);
        Assert.Contains("the chain is broken", _folder.Health.Text, StringComparison.Ordinal);
        Assert.Contains(expected, Verdict().Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void File_that_is_no_database_is_left_as_it_is_and_changes_are_refused()
    {
        Fill(1);
        File.Delete(_folder.FilePath + "-wal");
        File.WriteAllText(_folder.FilePath, new string('x', 8192));

        using var file = _folder.Open();
        var error = Assert.Throws<BusyException>(() => file.Append([Record("one")], _folder.Clock.GetUtcNow()));

        Assert.Equal("AUDIT_NOT_WRITABLE", error.Reason);
        Assert.Equal(PartState.Failed, _folder.Health.State);
        Assert.StartsWith("xxx", File.ReadAllText(_folder.FilePath), StringComparison.Ordinal);
    }

    [Fact]
    public void Full_disk_refuses_the_entry_and_the_next_one_follows_the_last_that_is_there()
    {
        using var file = _folder.Open();
        file.Append([Record("before")], _folder.Clock.GetUtcNow());
        LimitPages(file);
        var big = Record(new string('x', 64 * 1024));

        Assert.Throws<BusyException>(() => file.Append([big], _folder.Clock.GetUtcNow()));
        var failed = _folder.Health;
        file.Append([Record("after")], _folder.Clock.GetUtcNow());

        Assert.Equal(PartState.Failed, failed.State);
        Assert.Equal(PartState.Healthy, _folder.Health.State);
        Assert.Equal((2, null), (Verdict().Entries, Verdict().Fault));
    }

    [Fact]
    public void Either_all_records_of_a_call_are_entered_or_none()
    {
        using var file = _folder.Open();
        LimitPages(file);

        Assert.Throws<BusyException>(() => file.Append([Record("small"), Record(new string('x', 64 * 1024))], _folder.Clock.GetUtcNow()));

        Assert.Equal(0, Verdict().Entries);
    }

    [Fact]
    public void Verification_says_what_it_can_of_a_file_that_is_not_there_or_no_database()
    {
        var missing = AuditVerification.OfFile("/nonexistent/audit.db").Fault;
        var foreign = AuditVerification.OfFile(typeof(AuditFileTests).Assembly.Location).Fault;

        Assert.Contains("does not exist", missing, StringComparison.Ordinal);
        Assert.Contains("cannot be read", foreign, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static AuditRecord Record(string subject) => new("spiffe://home/operator/alice", "CreateBlock", subject, "test");

    // At this bound SQLite answers SQLITE_FULL as it does when the disk has no room.
    private static void LimitPages(AuditFile file)
    {
        using var command = file.Connection!.CreateCommand();
        command.CommandText = "PRAGMA max_page_count = 1";
        command.ExecuteNonQuery();
    }

    private void Fill(int count)
    {
        using var file = _folder.Open();
        file.Append([.. Enumerable.Range(1, count).Select(number => Record($"{number}"))], _folder.Clock.GetUtcNow());
    }

    private AuditVerdict Verdict() => AuditVerification.OfFile(_folder.FilePath);
}
