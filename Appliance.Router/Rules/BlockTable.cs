using Microsoft.Data.Sqlite;

namespace Appliance.Router.Rules;

/// <summary>Blocks on disk, live and ended, and which alerts they answered.</summary>
internal sealed class BlockTable(RuleDatabase database)
{
    private const string Columns = "id, kind, address, action, rate, reason, alert, creator, created, expires, dry_run, end_cause";

    public IReadOnlyList<Block> ReadLive() => database.Run(command => command
        .With($"SELECT {Columns} FROM blocks WHERE ended IS NULL ORDER BY id")
        .ReadAll(row => ReadRow(row).Block));

    public Block? Find(string id) => database.Run(command => command
        .With($"SELECT {Columns} FROM blocks WHERE id = @id", ("@id", id))
        .ReadAll(row => ReadRow(row).Block)
        .FirstOrDefault());

    /// <summary>The block that an earlier request with this id made.</summary>
    public string? FindRequest(string creator, string requestId) => database.Run(command => command
        .With("SELECT resource FROM requests WHERE creator = @creator AND request = @request", ("@creator", creator), ("@request", requestId))
        .ExecuteScalar() as string);

    /// <summary>The latest block of this target and action that answered the alert.</summary>
    public PastAnswer? FindAnswer(string alertId, BlockTarget target, BlockAction action) => database.Run(command => command
        .With(
            $"SELECT {Columns} FROM blocks WHERE id IN (SELECT block FROM answers WHERE answers.alert = @alert) AND kind = @kind AND address = @address AND action = @action ORDER BY created DESC, id DESC LIMIT 1",
            ("@alert", alertId),
            ("@kind", (int)target.Kind),
            ("@address", target.ToBytes()),
            ("@action", (int)action))
        .ReadAll(ReadRow)
        .FirstOrDefault());

    /// <summary>True when somebody has lifted a block of this action that answered the alert.</summary>
    public bool IsUndone(string alertId, BlockAction action) => database.Run(command => command
        .With(
            "SELECT EXISTS (SELECT 1 FROM answers JOIN blocks ON id = block WHERE answers.alert = @alert AND action = @action AND end_cause = @cause)",
            ("@alert", alertId),
            ("@action", (int)action),
            ("@cause", (int)EndCause.Lifted))
        .ExecuteScalar() is 1L);

    /// <summary>How many blocks of this target ran their full time since then: lifted ones were mistakes and do not count.</summary>
    /// <remarks>Dry runs count among themselves: they hinder nobody, so an offender goes on and would have served any number when the first block comes.</remarks>
    public int CountServed(BlockTarget target, BlockAction action, DateTimeOffset since, bool isDryRun) => database.Run(command => Convert.ToInt32(
        command.With(
            "SELECT count(*) FROM blocks WHERE kind = @kind AND address = @address AND action = @action AND ended >= @since AND end_cause = @cause AND dry_run = @dry_run",
            ("@kind", (int)target.Kind),
            ("@address", target.ToBytes()),
            ("@action", (int)action),
            ("@since", since.ToUnixTimeMilliseconds()),
            ("@dry_run", isDryRun ? 1 : 0),
            ("@cause", (int)EndCause.Expired)).ExecuteScalar(),
        System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Writes blocks as they now are, with the requests and alerts that led to them.</summary>
    public void Save(IReadOnlyList<(Block Block, BlockRequest Request)> changes, DateTimeOffset now) => database.Run(command =>
    {
        foreach (var (block, request) in changes)
        {
            SaveBlock(command, block);
            if (request.AlertId.Length > 0)
            {
                command.With("INSERT OR IGNORE INTO answers (alert, block) VALUES (@alert, @block)", ("@alert", request.AlertId), ("@block", block.Id)).ExecuteNonQuery();
            }

            if (request.RequestId.Length > 0)
            {
                command.With(
                    "INSERT OR REPLACE INTO requests (creator, request, resource, time) VALUES (@creator, @request, @resource, @time)",
                    ("@creator", request.Creator),
                    ("@request", request.RequestId),
                    ("@resource", block.Id),
                    ("@time", now.ToUnixTimeMilliseconds())).ExecuteNonQuery();
            }
        }

        return 0;
    });

    /// <summary>Marks blocks as ended and forgets what is older than the cut-off.</summary>
    public void End(IReadOnlyList<Block> blocks, EndCause cause, DateTimeOffset now, DateTimeOffset cutOff) => database.Run(command =>
    {
        foreach (var block in blocks)
        {
            command.With(
                "UPDATE blocks SET ended = @ended, end_cause = @cause WHERE id = @id",
                ("@ended", now.ToUnixTimeMilliseconds()),
                ("@cause", (int)cause),
                ("@id", block.Id)).ExecuteNonQuery();
        }

        var oldest = ("@oldest", (object)cutOff.ToUnixTimeMilliseconds());
        command.With("DELETE FROM answers WHERE block IN (SELECT id FROM blocks WHERE ended < @oldest)", oldest).ExecuteNonQuery();
        command.With("DELETE FROM requests WHERE time < @oldest", oldest).ExecuteNonQuery();
        return command.With("DELETE FROM blocks WHERE ended < @oldest", oldest).ExecuteNonQuery();
    });

    private static void SaveBlock(SqliteCommand command, Block block) => command.With(
        """
        INSERT OR REPLACE INTO blocks (id, kind, address, action, rate, reason, alert, creator, created, expires, dry_run)
        VALUES (@id, @kind, @address, @action, @rate, @reason, @alert, @creator, @created, @expires, @dry_run)
        """,
        ("@id", block.Id),
        ("@kind", (int)block.Target.Kind),
        ("@address", block.Target.ToBytes()),
        ("@action", (int)block.Action),
        ("@rate", block.PacketsPerSecond),
        ("@reason", block.Reason),
        ("@alert", block.AlertId),
        ("@creator", block.Creator),
        ("@created", block.CreateTime.ToUnixTimeMilliseconds()),
        ("@expires", block.ExpireTime.ToUnixTimeMilliseconds()),
        ("@dry_run", block.IsDryRun ? 1 : 0)).ExecuteNonQuery();

    private static PastAnswer ReadRow(SqliteDataReader row) => new(
        new Block(
            row.GetString(0),
            BlockTarget.FromBytes((TargetKind)row.GetInt32(1), row.GetFieldValue<byte[]>(2)),
            (BlockAction)row.GetInt32(3),
            row.GetInt32(4),
            row.GetString(5),
            row.GetString(6),
            row.GetString(7),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(8)),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)),
            row.GetInt32(10) != 0),
        row.IsDBNull(11) ? null : (EndCause)row.GetInt32(11));
}
