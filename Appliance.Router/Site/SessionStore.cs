using System.Net;
using Appliance.Hosting.Identity;
using Appliance.Hosting.Listeners;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Site;

/// <summary>The sessions that go on. One that is not here is over, whatever its token says, also after a restart.</summary>
internal sealed class SessionStore(AccountDatabase database, IOptions<PersonSessionOptions> options, TimeProvider clock, PeopleAddresses people)
{
    /// <summary>Sorted by id, the expired left out.</summary>
    public IReadOnlyList<Session> All => database.Read(command => command
        .With("SELECT id, account, kind, started, expires, node FROM sessions WHERE expires > $now ORDER BY id", ("$now", Now))
        .ReadAll(row => new Session(
            row.GetString(0),
            row.GetString(1),
            PeerIdentity.TryKind(row.GetString(2), out var kind) ? kind : PeerKind.Reader,
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
            row.GetString(5))));

    /// <summary>Where the people sit whose sessions go on.</summary>
    public IReadOnlyList<IPAddress> Sources => database.Read(command => command
        .With("SELECT DISTINCT source FROM session_sources JOIN sessions USING (id) WHERE expires > $now", ("$now", Now))
        .ReadAll(row => IPAddress.TryParse(row.GetString(0), out var source) ? source : IPAddress.None));

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public bool IsLive(string id) => database.Read(command => command
        .With("SELECT COUNT(*) FROM sessions WHERE id = $id AND expires > $now", ("$id", id), ("$now", Now))
        .ExecuteScalar() is > 0L);

    /// <summary>Adds a session; false when its account is gone or no longer what it was, in the moment since it was checked.</summary>
    public bool TryAdd(Session session, Account account, IPAddress source)
    {
        var isAdded = Add(session, account, source);
        if (isAdded)
        {
            people.See(source);
        }

        return isAdded;
    }

    public void End(string id) => database.Run(command => command.With("DELETE FROM sessions WHERE id = $id", ("$id", id)).ExecuteNonQuery());

    private bool Add(Session session, Account account, IPAddress source) => database.Run(command =>
    {
        command.With("DELETE FROM sessions WHERE expires <= $now", ("$now", Now)).ExecuteNonQuery();
        // Makes room for one: the bound keeps a script that signs in again and again from filling the file.
        command.With(
                "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE account = $account ORDER BY started DESC, id LIMIT -1 OFFSET $keep)",
                ("$account", session.Account), ("$keep", options.Value.MaxPerAccount - 1))
            .ExecuteNonQuery();
        // Whatever ended a session, its address goes with it.
        command.With("DELETE FROM session_sources WHERE id NOT IN (SELECT id FROM sessions)").ExecuteNonQuery();
        command.With("INSERT INTO session_sources (id, source) VALUES ($id, $source)", ("$id", session.Id), ("$source", source.ToString())).ExecuteNonQuery();
        return command.With(
                """
                INSERT INTO sessions (id, account, kind, started, expires, node)
                SELECT $id, $account, $kind, $started, $expires, $node FROM accounts WHERE name = $account AND changed = $changed
                """,
                ("$id", session.Id),
                ("$account", session.Account),
                ("$kind", PeerIdentity.KindWord(session.Kind)),
                ("$started", session.StartTime.ToUnixTimeMilliseconds()),
                ("$expires", session.ExpireTime.ToUnixTimeMilliseconds()),
                ("$node", session.Node),
                ("$changed", account.ChangeTime.ToUnixTimeMilliseconds()))
            .ExecuteNonQuery() == 1;
    });
}
