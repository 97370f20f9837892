using Appliance.Hosting.Errors;
using Appliance.Hosting.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Appliance.Router.Site;

/// <summary>The accounts of the site's people. What ends a right ends its sessions in the same transaction.</summary>
public sealed class AccountStore : IDisposable
{
    private readonly AccountDatabase _database;
    private readonly TimeProvider _clock;

    internal AccountStore(AccountDatabase database, TimeProvider clock) => (_database, _clock) = (database, clock);

    /// <summary>Sorted by name.</summary>
    public IReadOnlyList<Account> All => _database.Read(command => command
        .With("SELECT name, kind, changed FROM accounts ORDER BY name")
        .ReadAll(row => new Account(row.GetString(0), KindOf(row.GetString(1)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)))));

    /// <summary>Opens the accounts in the router's state folder, beside a running router if there is one.</summary>
    public static AccountStore Open(string folder, TimeProvider clock) => new(new AccountDatabase(folder, clock, NullLogger.Instance), clock);

    /// <summary>Adds an account; refuses when the name is taken.</summary>
    public Account Add(string name, PeerKind kind, string password)
    {
        CheckName(name);
        CheckKind(kind);
        var (hash, now) = (AccountPassword.Hash(name, password), _clock.GetUtcNow());
        var added = _database.Run(command => command
            .With(
                "INSERT OR IGNORE INTO accounts (name, kind, hash, changed) VALUES ($name, $kind, $hash, $now)",
                ("$name", name), ("$kind", PeerIdentity.KindWord(kind)), ("$hash", hash), ("$now", now.ToUnixTimeMilliseconds()))
            .ExecuteNonQuery());
        return added == 1
            ? new Account(name, kind, now)
            : throw new BusyException("ACCOUNT_EXISTS", $"There is an account '{name}' already; change it with 'appliance accounts change {name}'.");
    }

    /// <summary>Gives an account another kind, another password or both; its sessions end.</summary>
    public Account Change(string name, PeerKind? kind, string? password)
    {
        if (kind is { } wanted)
        {
            CheckKind(wanted);
        }

        var (hash, now) = (password is null ? null : AccountPassword.Hash(name, password), _clock.GetUtcNow());
        return _database.Run(command =>
        {
            command
                .With(
                    "UPDATE accounts SET kind = COALESCE($kind, kind), hash = COALESCE($hash, hash), changed = $now WHERE name = $name",
                    ("$name", name), ("$kind", kind is { } given ? PeerIdentity.KindWord(given) : null), ("$hash", hash), ("$now", now.ToUnixTimeMilliseconds()))
                .ExecuteNonQuery();
            EndSessions(command, name);
            return Find(command, name)?.Account ?? throw new NotFoundException("account", name);
        });
    }

    /// <summary>Removes an account; its sessions end.</summary>
    public void Remove(string name)
    {
        var removed = _database.Run(command =>
        {
            EndSessions(command, name);
            return command.With("DELETE FROM accounts WHERE name = $name", ("$name", name)).ExecuteNonQuery();
        });
        if (removed == 0)
        {
            throw new NotFoundException("account", name);
        }
    }

    public void Dispose() => _database.Dispose();

    /// <summary>The account and the hash of its password; null when nobody has the name.</summary>
    internal (Account Account, string Hash)? Find(string name) => _database.Read(command => Find(command, name));

    private static (Account Account, string Hash)? Find(SqliteCommand command, string name) => command
        .With("SELECT kind, changed, hash FROM accounts WHERE name = $name", ("$name", name))
        .ReadAll(row => (new Account(name, KindOf(row.GetString(0)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1))), row.GetString(2)))
        is [var found] ? found : null;

    private static void EndSessions(SqliteCommand command, string name) =>
        command.With("DELETE FROM sessions WHERE account = $name", ("$name", name)).ExecuteNonQuery();

    private static void CheckName(string name)
    {
        if (!PeerIdentity.IsName(name))
        {
            throw new InvalidInputException("name", $"is '{name}'; it takes 1 to 63 of a-z, 0-9 and '-', not '-' at an end");
        }
    }

    private static void CheckKind(PeerKind kind)
    {
        if (kind is not (PeerKind.Reader or PeerKind.Operator or PeerKind.Admin))
        {
            throw new InvalidInputException("kind", $"is {PeerIdentity.KindWord(kind)}; an account is one of reader, operator, admin");
        }
    }

    // A word of another version gives the least right.
    private static PeerKind KindOf(string word) => PeerIdentity.TryKind(word, out var kind) ? kind : PeerKind.Reader;
}
