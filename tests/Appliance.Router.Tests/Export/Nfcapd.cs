using System.Diagnostics;
using System.Globalization;
using System.Net;
using Appliance.Router.Tests.Nftables;
using Appliance.Tests.Shared;

namespace Appliance.Router.Tests.Export;

/// <summary>The collector of nfdump as an independent reader of what is exported to it over UDP.</summary>
internal sealed class Nfcapd : IDisposable
{
    private const string Collector = "/usr/bin/nfcapd";
    private const string Reader = "/usr/bin/nfdump";
    private readonly TempFolder _folder = new();
    private readonly Process _process;

    public Nfcapd(int port)
    {
        Assert.SkipUnless(File.Exists(Collector) && File.Exists(Reader), "needs nfdump: nfcapd collects what is exported");
        Port = port;
        _process = Command.Start(Collector, "-p", $"{port}", "-b", "127.0.0.1", "-w", _folder.Path, "-t", "86400");
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, line) => Log += line.Data + "\n";
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        while (Socket() is null)
        {
            Assert.False(_process.HasExited, $"nfcapd ended: {Log}");
            Thread.Yield();
        }
    }

    public int Port { get; }

    public string Log { get; private set; } = "";

    /// <summary>Datagrams that the kernel dropped before the collector could take them.</summary>
    public long DroppedCount => Socket() is { } cells ? long.Parse(cells[^1], CultureInfo.InvariantCulture) : 0;

    /// <summary>No datagram waits for the collector.</summary>
    public bool HasRead => Socket() is { } cells && cells[4].EndsWith(":00000000", StringComparison.Ordinal);

    /// <summary>Ends the collector and reads back what it has written.</summary>
    public IReadOnlyList<CollectedFlow> Stop()
    {
        Command.Run("/bin/kill", "-TERM", $"{_process.Id}");
        _process.WaitForExit();
        return CollectedFlow.ReadAll(Command.Run(Reader, "-q", "-N", "-6", "-R", _folder.Path, "-o", CollectedFlow.Format));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _folder.Dispose();
    }

    // The socket's line in /proc/net/udp: local address in hex, then the queues; drops stand last.
    private string[]? Socket() => File.ReadLines("/proc/net/udp")
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .FirstOrDefault(cells => cells.Length > 4 && cells[1] == $"0100007F:{Port:X4}");
}
