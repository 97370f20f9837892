using Appliance.Hosting.Configuration;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Rules;

/// <summary>The file that blocks, their history, protected addresses, policies and feeds outlive a crash in.</summary>
/// <remarks>SQLite rather than a rewritten JSON file: one block costs one page, not the whole list, and history can be asked.</remarks>
internal sealed partial class RuleDatabase : IDisposable
{
    public const string FileName = "rules.db";

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS blocks (
            id TEXT PRIMARY KEY, kind INTEGER NOT NULL, address BLOB NOT NULL, action INTEGER NOT NULL, rate INTEGER NOT NULL,
            reason TEXT NOT NULL, alert TEXT NOT NULL, creator TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL,
            dry_run INTEGER NOT NULL, ended INTEGER, end_cause INTEGER);
        CREATE INDEX IF NOT EXISTS blocks_target ON blocks (kind, address, action, ended);
        CREATE INDEX IF NOT EXISTS blocks_ended ON blocks (ended);
        CREATE TABLE IF NOT EXISTS answers (alert TEXT NOT NULL, block TEXT NOT NULL, PRIMARY KEY (alert, block)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS answers_block ON answers (block);
        CREATE TABLE IF NOT EXISTS requests (
            creator TEXT NOT NULL, request TEXT NOT NULL, resource TEXT NOT NULL, time INTEGER NOT NULL,
            PRIMARY KEY (creator, request)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS protected (id TEXT PRIMARY KEY, network TEXT NOT NULL UNIQUE, reason TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS candidate (id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER NOT NULL, policy TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS rulesets (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, state INTEGER NOT NULL, applied INTEGER NOT NULL, deadline INTEGER NOT NULL,
            boot TEXT NOT NULL, creator TEXT NOT NULL, reason TEXT NOT NULL, is_default INTEGER NOT NULL, told INTEGER NOT NULL,
            difference TEXT NOT NULL, sha256 BLOB NOT NULL, format INTEGER NOT NULL, policy TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS rulesets_state ON rulesets (state, sequence);
        CREATE TABLE IF NOT EXISTS feeds (
            id TEXT PRIMARY KEY, edition INTEGER NOT NULL, name TEXT NOT NULL, url TEXT NOT NULL, format INTEGER NOT NULL, interval INTEGER NOT NULL,
            disabled INTEGER NOT NULL, match_only INTEGER NOT NULL, entries INTEGER NOT NULL, names INTEGER NOT NULL, rejected INTEGER NOT NULL,
            fetched INTEGER, failure TEXT NOT NULL, entity_tag TEXT NOT NULL, last_modified TEXT NOT NULL, digest TEXT NOT NULL, other_source INTEGER NOT NULL);
        """;

    private readonly StateFile _file;

    public RuleDatabase(NodePaths paths, TimeProvider clock, ILogger<RuleDatabase> logger)
    {
        var path = Path.Combine(paths.State, FileName);
        _file = new StateFile(path, Schema, clock, (error, kept) => LogDamaged(logger, error, path, kept));
    }

    /// <summary>Runs reads and writes in one transaction, durable when this returns.</summary>
    public T Run<T>(Func<SqliteCommand, T> work) => _file.Run(work);

    public void Dispose() => _file.Dispose();

    [LoggerMessage(Level = LogLevel.Error, Message = "Blocks and policies in {Path} were unreadable; the file is kept as {Kept} and a new one begun.")]
    private static partial void LogDamaged(ILogger logger, Exception error, string path, string kept);
}
