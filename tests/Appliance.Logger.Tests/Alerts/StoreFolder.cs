using System.Diagnostics.Metrics;
using Appliance.Logger.Alerts;
using Appliance.Logger.Storage;
using Appliance.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Logger.Tests.Alerts;

/// <summary>A store in a folder of its own, which can be opened again as after a crash.</summary>
internal sealed class StoreFolder : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<LoggerFile> _files = [];

    public StoreFolder()
    {
        Meter = new AlertMeter(_services.GetRequiredService<IMeterFactory>());
        Open(FilePath);
    }

    public FakeTimeProvider Clock { get; } = new(Samples.Start);

    public AlertOptions Options { get; } = new();

    public AlertMeter Meter { get; }

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public string FilePath => _folder.File("alerts.db");

    public LoggerFile File { get; private set; } = null!;

    public AlertStore Store { get; private set; } = null!;

    /// <summary>Opens what is on the medium now, while the first owner still has it open: nothing that it would write at its end is there.</summary>
    public void OpenAsAfterCrash()
    {
        string copy = _folder.File($"crash{_files.Count}.db");
        foreach (string part in (string[])["", "-wal"])
        {
            System.IO.File.Copy(FilePath + part, copy + part);
        }

        Open(copy);
    }

    public void Reopen()
    {
        File.Dispose();
        Open(FilePath);
    }

    public void Dispose()
    {
        _files.ForEach(file => file.Dispose());
        _services.Dispose();
        _folder.Dispose();
    }

    private void Open(string path)
    {
        File = new LoggerFile(path, Clock, NullLogger<LoggerFile>.Instance);
        _files.Add(File);
        Store = new AlertStore(File, Microsoft.Extensions.Options.Options.Create(Options), Clock, Meter);
    }
}
