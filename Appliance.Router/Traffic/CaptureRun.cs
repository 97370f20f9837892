using Appliance.Hosting.Health;
using Appliance.Router.Capture;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Traffic;

/// <summary>Runs the configured source down the packet's path as long as the Router runs.</summary>
public sealed partial class CaptureRun : BackgroundService
{
    private const string Part = "capture";

    private readonly PacketSources _sources;
    private readonly PacketPath _path;
    private readonly FlowEventRing _ring;
    private readonly HealthBoard _health;
    private readonly ILogger<CaptureRun> _logger;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IPacketSource? _source;
    private long _droppedBefore;
    private volatile CaptureFault? _fault;

    internal CaptureRun(PacketSources sources, PacketPath path, FlowEventRing ring, HealthBoard health, ILogger<CaptureRun> logger)
    {
        _sources = sources;
        _path = path;
        _ring = ring;
        _health = health;
        _logger = logger;
    }

    /// <summary>Complete when the source has ended and its last event is in the ring; a loop and an interface never end.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Names this life of the Router; sequences are counted within it.</summary>
    public string Epoch => _ring.Epoch;

    /// <summary>Number of the last flow event so far.</summary>
    public ulong LastSequence => (ulong)_ring.LastSequence;

    /// <summary>Why the source ended early; null when it did not.</summary>
    public CaptureFault? Fault => _fault;

    /// <summary>Packets, bytes and flows so far.</summary>
    public PathTotals Totals => _path.Totals;

    internal long DroppedCount => Interlocked.Read(ref _droppedBefore) + (_source?.DroppedCount ?? 0);

    // On a thread of its own: an interface waits for its packets in the kernel, and a file at full speed does not wait at all.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => RunAsync(stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    private async Task RunAsync(CancellationToken token)
    {
        try
        {
            while (await RunOnceAsync(token))
            {
                await _sources.WaitToRetryAsync(token);
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // Stopped while it waited for an interface to come back.
        }

        _path.Finish();
        if (token.IsCancellationRequested)
        {
            _completion.TrySetCanceled(token);
        }
        else
        {
            _completion.TrySetResult();
        }
    }

    // True when the source should be opened again: an interface that went away may come back.
    private async Task<bool> RunOnceAsync(CancellationToken token)
    {
        using var source = _sources.Open();
        _source = source;
        if (source is null)
        {
            LogIdle();
            _health.Report(Part, PartState.Degraded, $"Watches {_sources.Description}.");
            return false;
        }

        if (source.Fault is null)
        {
            LogWatching(_sources.Description);
            _health.Report(Part, source.Weakness is null ? PartState.Healthy : PartState.Degraded, $"Watches {_sources.Description}{source.Weakness?.Insert(0, ", ")}.");
        }

        await _path.RunAsync(source, token);
        _source = null;
        _droppedBefore += source.DroppedCount;
        ReportEnd(source, token);
        return source.Fault is { Kind: CaptureFaultKind.InterfaceFailed } && !token.IsCancellationRequested;
    }

    private void ReportEnd(IPacketSource source, CancellationToken token)
    {
        if (source.Fault is { } fault)
        {
            // Said once, however often it is tried again.
            if (_fault != fault)
            {
                LogFault(fault.Text);
            }

            _health.Report(Part, PartState.Failed, fault.Text);
        }
        else if (!token.IsCancellationRequested)
        {
            LogEnded(_sources.Description, _path.Totals.Packets);
            _health.Report(Part, PartState.Healthy, $"Has played {_sources.Description} to its end.");
        }

        _fault = source.Fault;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The Router watches {Source}.")]
    private partial void LogWatching(string source);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Router watches nothing: set Router:Capture:File or Router:Capture:Interface.")]
    private partial void LogIdle();

    [LoggerMessage(Level = LogLevel.Information, Message = "The {Source} has ended after {Packets} packets.")]
    private partial void LogEnded(string source, long packets);

    [LoggerMessage(Level = LogLevel.Error, Message = "The capture stopped: {Fault}.")]
    private partial void LogFault(string fault);
}
