using Appliance.Hosting.Audit;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Health;
using Appliance.Tests.Shared;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Hosting.Tests.Audit;

/// <summary>An audit file in a folder of its own, which can be opened again and tampered with.</summary>
internal sealed class AuditFolder : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<IDisposable> _owned = [];

    public FakeTimeProvider Clock { get; } = new();

    public HealthBoard Board { get; private set; } = null!;

    public string FilePath => _folder.File($"router/{AuditFile.FileName}");

    /// <summary>What the health part of the last opened file says.</summary>
    public PartHealth Health => Board.Snapshot.Single(part => part.Part == AuditWords.Part);

    public AuditFile Open()
    {
        Board = new HealthBoard(Clock);
        var options = Options.Create(new NodeOptions { StateDirectory = _folder.Path });
        return Own(new AuditFile(new NodePaths(options, new RunningRole(Role.Router)), Board, NullLogger<AuditFile>.Instance));
    }

    /// <summary>Runs a statement as any tool does, with the file's triggers in force.</summary>
    public int Run(string text)
    {
        using var connection = new SqliteConnection($"Data Source={FilePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are this test's own.
        command.CommandText = text;
#pragma warning restore CA2100
        return command.ExecuteNonQuery();
    }

    /// <summary>Changes the file as somebody does who may write it and knows of the triggers.</summary>
    public void Tamper(string text) => Run($"DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_removed; DROP TRIGGER audit_only_grows; {text}");

    public void Dispose()
    {
        _owned.ForEach(owned => owned.Dispose());
        _folder.Dispose();
    }

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
