using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Microsoft.Data.Sqlite;

namespace Appliance.Router.Site.Enrollment;

/// <summary>The requests of nodes, each with its token's id, which is kept for longer than the token counts.</summary>
internal sealed class RequestStore(EnrollmentDatabase database, TimeProvider clock)
{
    // A clock that is set back must not make a used token new.
    private static readonly TimeSpan KeepAfterEnd = TimeSpan.FromDays(30);

    private const string Columns = "id, token, site, node, role, state, key, sha256, source, created, token_end, hosts, certificate, handed_out";

    /// <summary>Sorted by id; those whose token has ended and that were not approved are left out.</summary>
    public IReadOnlyList<EnrollmentRequest> All => database.Read(command => command
        .With($"SELECT {Columns} FROM requests WHERE token_end > $now OR state = $approved ORDER BY id", ("$now", Now), ("$approved", (int)EnrollmentState.Approved))
        .ReadAll(Read));

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public EnrollmentRequest? Find(string id) => database.Read(command => One(command.With($"SELECT {Columns} FROM requests WHERE id = $id", ("$id", id))));

    public EnrollmentRequest? FindByToken(string token) => database.Read(command => One(command.With($"SELECT {Columns} FROM requests WHERE token = $token", ("$token", token))));

    /// <summary>The request that holds the token afterwards: this one, or the one that was there first; null when too many wait.</summary>
    public EnrollmentRequest? Add(EnrollmentRequest request, int maxPending) => database.Run(command =>
    {
        command.With("DELETE FROM requests WHERE token_end <= $end", ("$end", Now - (long)KeepAfterEnd.TotalMilliseconds)).ExecuteNonQuery();
        var pending = (long)command.With("SELECT COUNT(*) FROM requests WHERE state = $pending AND token_end > $now", ("$pending", (int)EnrollmentState.Pending), ("$now", Now)).ExecuteScalar()!;
        if (pending < maxPending)
        {
            Insert(command, request);
        }

        return One(command.With($"SELECT {Columns} FROM requests WHERE token = $token", ("$token", request.TokenId)));
    });

    /// <summary>False when the request is no longer in the state that the decision was made on.</summary>
    public bool TryRefuse(string id) => database.Run(command => command
        .With("UPDATE requests SET state = $refused WHERE id = $id AND state = $pending", ("$id", id), ("$refused", (int)EnrollmentState.Refused), ("$pending", (int)EnrollmentState.Pending))
        .ExecuteNonQuery()) == 1;

    /// <summary>The same; the certificate is on record with its request.</summary>
    public bool TryApprove(string id, byte[] certificate, Action<SqliteCommand> record) => database.Run(command =>
    {
        var isApproved = command
            .With(
                "UPDATE requests SET state = $approved, certificate = $certificate WHERE id = $id AND state = $pending",
                ("$id", id), ("$approved", (int)EnrollmentState.Approved), ("$certificate", certificate), ("$pending", (int)EnrollmentState.Pending))
            .ExecuteNonQuery() == 1;
        if (isApproved)
        {
            record(command);
        }

        return isApproved;
    });

    public void MarkHandedOut(string id) => database.Run(command => command.With("UPDATE requests SET handed_out = 1 WHERE id = $id", ("$id", id)).ExecuteNonQuery());

    private static void Insert(SqliteCommand command, EnrollmentRequest request) => command.With(
            """
            INSERT OR IGNORE INTO requests (id, token, site, node, role, state, key, sha256, source, created, token_end, hosts)
            VALUES ($id, $token, $site, $node, $role, $state, $key, $sha256, $source, $created, $token_end, $hosts)
            """,
            ("$id", request.Id),
            ("$token", request.TokenId),
            ("$site", request.Node.Site),
            ("$node", request.Node.Name),
            ("$role", request.Node.Role?.Word()),
            ("$state", (int)request.State),
            ("$key", request.Key),
            ("$sha256", request.KeySha256),
            ("$source", request.Source),
            ("$created", request.CreateTime.ToUnixTimeMilliseconds()),
            ("$token_end", request.TokenEnd.ToUnixTimeMilliseconds()),
            ("$hosts", string.Join('\n', request.Hosts)))
        .ExecuteNonQuery();

    private static EnrollmentRequest? One(SqliteCommand command) => command.ReadAll(Read) is [var found] ? found : null;

    private static EnrollmentRequest Read(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        // A word of another version is nobody's role: the certificate could not be used.
        RoleNames.TryParse(row.GetString(4), out var role) ? PeerIdentity.OfNode(row.GetString(2), row.GetString(3), role) : new PeerIdentity(row.GetString(2), PeerKind.Node, row.GetString(3), null),
        (EnrollmentState)row.GetInt32(5),
        row.GetFieldValue<byte[]>(6),
        row.GetFieldValue<byte[]>(7),
        row.GetString(8),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(10)),
        row.GetString(11).Split('\n', StringSplitOptions.RemoveEmptyEntries))
    {
        Certificate = row.IsDBNull(12) ? null : row.GetFieldValue<byte[]>(12),
        IsHandedOut = row.GetInt32(13) != 0,
    };
}
