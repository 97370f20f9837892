using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Identity;
using Microsoft.Data.Sqlite;

namespace Appliance.Router.Site.Enrollment;

/// <summary>What the router issued, and what was taken back.</summary>
internal sealed class CertificateLedger
{
    private readonly EnrollmentDatabase _database;
    private readonly RevocationList _revoked;
    private readonly TimeProvider _clock;
    private readonly Lock _turn = new();
    private TaskCompletionSource _more = NewSignal();

    public CertificateLedger(EnrollmentDatabase database, RevocationList revoked, TimeProvider clock)
    {
        (_database, _revoked, _clock) = (database, revoked, clock);
        // Killed between the two, the record is there and the list is not.
        revoked.TryAdd(After(0).Select(one => one.Serial));
    }

    private long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Ends when something more is revoked; ask for it before reading.</summary>
    public Task More
    {
        get
        {
            lock (_turn)
            {
                return _more.Task;
            }
        }
    }

    /// <summary>What was revoked after a place in the order of its coming.</summary>
    public IReadOnlyList<Revocation> After(long sequence) => _database.Read(command => command
        .With("SELECT sequence, serial, identity, reason, created FROM revoked WHERE sequence > $after ORDER BY sequence", ("$after", sequence))
        .ReadAll(Read));

    /// <summary>Notes a certificate inside the transaction that hands it to somebody.</summary>
    public void Record(SqliteCommand command, X509Certificate2 certificate, PeerIdentity identity)
    {
        command.With("DELETE FROM issued WHERE expires <= $now", ("$now", Now)).ExecuteNonQuery();
        command.With(
                "INSERT INTO issued (serial, identity, created, expires) VALUES ($serial, $identity, $now, $expires)",
                ("$serial", RevocationList.SerialOf(certificate)),
                ("$identity", identity.ToString()),
                ("$now", Now),
                ("$expires", new DateTimeOffset(certificate.NotAfter).ToUnixTimeMilliseconds()))
            .ExecuteNonQuery();
    }

    public void Record(X509Certificate2 certificate, PeerIdentity identity) => _database.Run(command =>
    {
        Record(command, certificate, identity);
        return true;
    });

    /// <summary>How many an identity was given since a moment.</summary>
    public int CountSince(PeerIdentity identity, DateTimeOffset since) => (int)_database.Read(command => (long)command
        .With("SELECT COUNT(*) FROM issued WHERE identity = $identity AND created > $since", ("$identity", identity.ToString()), ("$since", since.ToUnixTimeMilliseconds()))
        .ExecuteScalar()!);

    /// <summary>Serial numbers of an identity that have not ended.</summary>
    public IReadOnlyList<string> IssuedTo(string identity) => _database.Read(command => command
        .With("SELECT serial FROM issued WHERE identity = $identity AND expires > $now ORDER BY serial", ("$identity", identity), ("$now", Now))
        .ReadAll(row => row.GetString(0)));

    /// <summary>On the medium and refused here when it returns; one that was revoked before stays as it was.</summary>
    public IReadOnlyList<Revocation> Revoke(IReadOnlyList<string> serials, string reason)
    {
        if (_revoked.Count + serials.Count > RevocationList.Capacity)
        {
            throw new LimitExceededException("REVOCATIONS_FULL", $"{_revoked.Count} certificates are revoked, which is as many as nodes keep; make a new authority for the site.");
        }

        var revoked = _database.Run(command => serials.Select(serial => Revoke(command, serial, reason)).ToList());
        _revoked.TryAdd(serials);
        TaskCompletionSource told;
        lock (_turn)
        {
            told = _more;
            _more = NewSignal();
        }

        told.SetResult();
        return revoked;
    }

    private Revocation Revoke(SqliteCommand command, string serial, string reason)
    {
        command.With(
                "INSERT OR IGNORE INTO revoked (serial, identity, reason, created) SELECT $serial, COALESCE((SELECT identity FROM issued WHERE serial = $serial), ''), $reason, $now",
                ("$serial", serial), ("$reason", reason), ("$now", Now))
            .ExecuteNonQuery();
        return command.With("SELECT sequence, serial, identity, reason, created FROM revoked WHERE serial = $serial", ("$serial", serial)).ReadAll(Read).Single();
    }

    private static Revocation Read(SqliteDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
