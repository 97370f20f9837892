namespace Appliance.Logger.Storage;

/// <summary>The tables of the Logger's file. Times are UTC ticks, lists are JSON.</summary>
internal static class LoggerSchema
{
    public const int Version = 1;

    // The outbox stands beside the alerts so that one transaction writes both:
    // an alert that is stored is an alert that will be told.
    // response: what the Router did, which may be known here before the alert is.
    // cursor: the Detector's last revision taken over.
    // audit: the changes of all roles, which only grows; two entries of one sequence are a role's log begun anew, or rewritten.
    public const string Text = """
        CREATE TABLE IF NOT EXISTS alert (
            id TEXT NOT NULL PRIMARY KEY,
            revision INTEGER NOT NULL,
            time INTEGER NOT NULL,
            category TEXT NOT NULL,
            severity INTEGER NOT NULL,
            source TEXT NOT NULL,
            destinations TEXT NOT NULL,
            service TEXT NOT NULL,
            technique TEXT NOT NULL,
            confidence REAL NOT NULL,
            events INTEGER NOT NULL,
            first_time INTEGER NOT NULL,
            last_time INTEGER NOT NULL,
            explanations TEXT NOT NULL,
            detector TEXT NOT NULL,
            source_confirmed INTEGER NOT NULL,
            source_mac TEXT NOT NULL,
            acknowledger TEXT NOT NULL,
            acknowledge_time INTEGER,
            action INTEGER NOT NULL,
            store_time INTEGER NOT NULL,
            publish_time INTEGER,
            told_time INTEGER
        );
        CREATE INDEX IF NOT EXISTS alert_by_time ON alert (time DESC, id DESC);
        CREATE INDEX IF NOT EXISTS alert_by_last_time ON alert (last_time);
        CREATE INDEX IF NOT EXISTS alert_by_store_time ON alert (store_time);
        CREATE INDEX IF NOT EXISTS alert_by_told_time ON alert (told_time) WHERE told_time IS NOT NULL;
        CREATE TABLE IF NOT EXISTS response (
            alert_id TEXT NOT NULL PRIMARY KEY,
            action INTEGER NOT NULL,
            store_time INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS outbox (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            alert_id TEXT NOT NULL UNIQUE
        );
        CREATE TABLE IF NOT EXISTS retained (
            topic TEXT NOT NULL PRIMARY KEY,
            payload BLOB NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS cursor (
            source TEXT NOT NULL PRIMARY KEY,
            revision INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS event (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            role TEXT NOT NULL,
            epoch TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            time INTEGER NOT NULL,
            severity INTEGER NOT NULL,
            part TEXT NOT NULL,
            text TEXT NOT NULL,
            UNIQUE (role, epoch, sequence)
        );
        CREATE TABLE IF NOT EXISTS event_cursor (
            role TEXT NOT NULL PRIMARY KEY,
            epoch TEXT NOT NULL,
            sequence INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS audit (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            role TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            time INTEGER NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            subject TEXT NOT NULL,
            reason TEXT NOT NULL,
            allowed INTEGER NOT NULL,
            hash BLOB NOT NULL,
            UNIQUE (role, sequence, hash)
        );
        CREATE INDEX IF NOT EXISTS audit_by_time ON audit (time DESC, position DESC);
        CREATE TRIGGER IF NOT EXISTS audit_is_not_changed BEFORE UPDATE ON audit
            BEGIN SELECT RAISE(ABORT, 'an audit entry is never changed'); END;
        CREATE TRIGGER IF NOT EXISTS audit_is_not_removed BEFORE DELETE ON audit
            BEGIN SELECT RAISE(ABORT, 'an audit entry is never removed'); END;
        """;
}
