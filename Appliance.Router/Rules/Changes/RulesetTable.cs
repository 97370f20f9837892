using Microsoft.Data.Sqlite;

namespace Appliance.Router.Rules.Changes;

/// <summary>All rulesets that were ever in force, on disk, and which request applied which.</summary>
internal sealed class RulesetTable(RuleDatabase database, BootMark boot)
{
    /// <summary>How many are kept; each is some kilobytes, its difference at most 32.</summary>
    public const int MaxKept = 500;

    private const string RequestKind = "ruleset:";
    private const string Columns = "sequence, id, state, applied, deadline, boot, creator, reason, is_default, difference, sha256, policy";

    /// <summary>The one that awaits its confirmation.</summary>
    public Ruleset? FindPending() => FindNewest(RulesetState.Confirming);

    /// <summary>The one that was confirmed last.</summary>
    public Ruleset? FindActive() => FindNewest(RulesetState.Active);

    /// <summary>The one that was in force before it.</summary>
    public Ruleset? FindSuperseded() => FindNewest(RulesetState.Superseded);

    public Ruleset? Find(string id) => database.Run(command => command
        .With($"SELECT {Columns} FROM rulesets WHERE id = @id", ("@id", id))
        .ReadAll(ReadRow)
        .FirstOrDefault());

    /// <summary>The ruleset that an earlier request with this id applied.</summary>
    public Ruleset? FindRequest(string creator, string requestId) => database.Run(command => command
        .With("SELECT resource FROM requests WHERE creator = @creator AND request = @request", ("@creator", creator), ("@request", RequestKind + requestId))
        .ExecuteScalar() as string) is { } id ? Find(id) : null;

    /// <summary>Newest first, those before a sequence number.</summary>
    public IReadOnlyList<Ruleset> List(long beforeSequence, int count) => database.Run(command => command
        .With(
            $"SELECT {Columns} FROM rulesets WHERE sequence < @before ORDER BY sequence DESC LIMIT @count",
            ("@before", beforeSequence),
            ("@count", count))
        .ReadAll(ReadRow));

    public bool IsOfThisBoot(Ruleset ruleset) => ruleset.Boot == boot.Id;

    /// <summary>Writes one that is about to be brought into force and needs a confirmation.</summary>
    public void Begin(Ruleset ruleset, string requestId) => database.Run(command =>
    {
        Insert(command, ruleset);
        return requestId.Length == 0 ? 0 : command.With(
            "INSERT OR REPLACE INTO requests (creator, request, resource, time) VALUES (@creator, @request, @resource, @time)",
            ("@creator", ruleset.Creator),
            ("@request", RequestKind + requestId),
            ("@resource", ruleset.Id),
            ("@time", ruleset.ApplyTime.ToUnixTimeMilliseconds())).ExecuteNonQuery();
    });

    /// <summary>Writes one that needs no confirmation.</summary>
    public void Install(Ruleset ruleset) => database.Run(command =>
    {
        Supersede(command);
        Insert(command, ruleset);
        return 0;
    });

    /// <summary>Makes it the active one for good, and forgets the oldest.</summary>
    public void Confirm(Ruleset ruleset) => database.Run(command =>
    {
        Supersede(command);
        SetState(command, ruleset, RulesetState.Active);
        return command.With(
            "DELETE FROM rulesets WHERE state IN (@superseded, @reverted) AND sequence <= (SELECT max(sequence) FROM rulesets) - @kept",
            ("@superseded", (int)RulesetState.Superseded),
            ("@reverted", (int)RulesetState.Reverted),
            ("@kept", MaxKept)).ExecuteNonQuery();
    });

    /// <summary>Marks it as taken back; what the Router did by itself is still to be told.</summary>
    public void Revert(Ruleset ruleset, bool isToBeTold) => database.Run(command =>
    {
        SetState(command, ruleset, RulesetState.Reverted);
        return command.With("UPDATE rulesets SET told = @told WHERE id = @id", ("@told", isToBeTold ? 0 : 1), ("@id", ruleset.Id)).ExecuteNonQuery();
    });

    /// <summary>Takes out one that never came into force.</summary>
    public void Withdraw(Ruleset ruleset) => database.Run(command => command.With("DELETE FROM rulesets WHERE id = @id", ("@id", ruleset.Id)).ExecuteNonQuery());

    public IReadOnlyList<Ruleset> ReadUntold() => database.Run(command => command
        .With($"SELECT {Columns} FROM rulesets WHERE told = 0 ORDER BY sequence")
        .ReadAll(ReadRow));

    public void MarkTold(Ruleset ruleset) => database.Run(command => command.With("UPDATE rulesets SET told = 1 WHERE id = @id", ("@id", ruleset.Id)).ExecuteNonQuery());

    private Ruleset? FindNewest(RulesetState state) => database.Run(command => command
        .With($"SELECT {Columns} FROM rulesets WHERE state = @state ORDER BY sequence DESC LIMIT 1", ("@state", (int)state))
        .ReadAll(ReadRow)
        .FirstOrDefault());

    private void Insert(SqliteCommand command, Ruleset ruleset) => command.With(
        """
        INSERT INTO rulesets (id, state, applied, deadline, boot, creator, reason, is_default, told, difference, sha256, format, policy)
        VALUES (@id, @state, @applied, @deadline, @boot, @creator, @reason, @is_default, 1, @difference, @sha256, @format, @policy)
        """,
        ("@id", ruleset.Id),
        ("@state", (int)ruleset.State),
        ("@applied", ruleset.ApplyTime.ToUnixTimeMilliseconds()),
        ("@deadline", ruleset.Deadline.ToUnixTimeMilliseconds()),
        ("@boot", boot.Id),
        ("@creator", ruleset.Creator),
        ("@reason", ruleset.Reason),
        ("@is_default", ruleset.IsDefault ? 1 : 0),
        ("@difference", ruleset.Difference),
        ("@sha256", ruleset.Sha256),
        ("@format", CandidateTable.Format),
        ("@policy", ruleset.PolicyText)).ExecuteNonQuery();

    private static void Supersede(SqliteCommand command) => command.With(
        "UPDATE rulesets SET state = @superseded WHERE state = @active",
        ("@superseded", (int)RulesetState.Superseded),
        ("@active", (int)RulesetState.Active)).ExecuteNonQuery();

    private static void SetState(SqliteCommand command, Ruleset ruleset, RulesetState state) =>
        command.With("UPDATE rulesets SET state = @state WHERE id = @id", ("@state", (int)state), ("@id", ruleset.Id)).ExecuteNonQuery();

    private static Ruleset ReadRow(SqliteDataReader row) => new(
        row.GetString(1),
        (RulesetState)row.GetInt32(2),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
        row.GetString(6),
        row.GetString(7),
        row.GetString(9),
        row.GetFieldValue<byte[]>(10),
        row.GetString(11))
    {
        Sequence = row.GetInt64(0),
        Boot = row.GetString(5),
        IsDefault = row.GetInt32(8) != 0,
    };
}
