using Microsoft.Data.Sqlite;

namespace Appliance.Router.Rules.Feeds;

/// <summary>Feeds on disk: what people asked for, and what became of the last fetch.</summary>
internal sealed class FeedRecords(RuleDatabase database)
{
    private const string Columns = "id, edition, name, url, format, interval, disabled, match_only, entries, names, rejected, fetched, failure, entity_tag, last_modified, digest, other_source";

    // Requests of blocks are in the same table.
    private const string RequestPrefix = "feed/";

    public IReadOnlyList<Feed> Read() => database.Run(command => command
        .With($"SELECT {Columns} FROM feeds ORDER BY id")
        .ReadAll(ReadRow));

    /// <summary>The feed that an earlier request with this id made.</summary>
    public string? FindRequest(string creator, string requestId) => requestId.Length == 0 ? null : database.Run(command => command
        .With("SELECT resource FROM requests WHERE creator = @creator AND request = @request", ("@creator", creator), ("@request", RequestPrefix + requestId))
        .ExecuteScalar() as string);

    public void Save(Feed feed) => database.Run(command => Save(command, feed));

    /// <summary>Writes a new feed, and which request made it; an empty request id expects no repeat.</summary>
    public void Create(Feed feed, string creator, string requestId, DateTimeOffset now) => database.Run(command =>
    {
        if (requestId.Length > 0)
        {
            command.With(
                "INSERT OR REPLACE INTO requests (creator, request, resource, time) VALUES (@creator, @request, @resource, @time)",
                ("@creator", creator),
                ("@request", RequestPrefix + requestId),
                ("@resource", feed.Id),
                ("@time", now.ToUnixTimeMilliseconds())).ExecuteNonQuery();
        }

        return Save(command, feed);
    });

    public void Delete(string id) => database.Run(command => command.With("DELETE FROM feeds WHERE id = @id", ("@id", id)).ExecuteNonQuery());

    private static int Save(SqliteCommand command, Feed feed) => command.With(
        $"""
        INSERT OR REPLACE INTO feeds ({Columns})
        VALUES (@id, @edition, @name, @url, @format, @interval, @disabled, @match_only, @entries, @names, @rejected, @fetched, @failure, @entity_tag, @last_modified, @digest, @other_source)
        """,
        ("@id", feed.Id),
        ("@edition", feed.Edition),
        ("@name", feed.Name),
        ("@url", feed.Source.OriginalString),
        ("@format", (int)feed.Format),
        ("@interval", (long)feed.RefreshInterval.TotalMilliseconds),
        ("@disabled", feed.IsDisabled ? 1 : 0),
        ("@match_only", feed.IsMatchOnly ? 1 : 0),
        ("@entries", feed.Status.Entries),
        ("@names", feed.Status.Names),
        ("@rejected", feed.Status.RejectedLines),
        ("@fetched", feed.Status.FetchTime?.ToUnixTimeMilliseconds()),
        ("@failure", feed.Status.Failure),
        ("@entity_tag", feed.Status.Validators.EntityTag),
        ("@last_modified", feed.Status.Validators.LastModified),
        ("@digest", feed.Status.Digest),
        ("@other_source", feed.Status.IsOfOtherSource ? 1 : 0)).ExecuteNonQuery();

    private static Feed ReadRow(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetInt64(1),
        row.GetString(2),
        new Uri(row.GetString(3)),
        (FeedFormat)row.GetInt32(4),
        TimeSpan.FromMilliseconds(row.GetInt64(5)))
    {
        IsDisabled = row.GetInt32(6) != 0,
        IsMatchOnly = row.GetInt32(7) != 0,
        Status = new FeedStatus
        {
            Entries = row.GetInt32(8),
            Names = row.GetInt32(9),
            RejectedLines = row.GetInt32(10),
            FetchTime = row.IsDBNull(11) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(11)),
            Failure = row.GetString(12),
            FailureCount = row.GetString(12).Length > 0 ? 1 : 0,
            Validators = new FeedValidators(row.GetString(13), row.GetString(14)),
            Digest = row.GetString(15),
            IsOfOtherSource = row.GetInt32(16) != 0,
        },
    };
}
