using Appliance.Router.Capture;
using Microsoft.Extensions.Hosting;

namespace Appliance.Router.Traffic;

/// <summary>Runs what is configured, a file or interfaces, down the packets' paths as long as the Router runs.</summary>
public sealed class CaptureRun : BackgroundService
{
    private readonly PacketSources _sources;
    private readonly PacketPaths _paths;
    private readonly FlowEventRing _ring;
    private readonly CaptureReport _report;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile CaptureFault? _fault;

    internal CaptureRun(PacketSources sources, PacketPaths paths, IReadOnlyList<InterfaceRun> interfaces, FlowEventRing ring, CaptureReport report)
    {
        _sources = sources;
        _paths = paths;
        _ring = ring;
        _report = report;
        Interfaces = interfaces;
    }

    /// <summary>What holds the file back; nothing if not set.</summary>
    internal CaptureStart Start { get; init; } = CaptureStart.AtOnce();

    /// <summary>Complete when the file has ended and its last event is in the ring; a loop and interfaces never end.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Names this life of the Router; sequences are counted within it.</summary>
    public string Epoch => _ring.Epoch;

    /// <summary>Number of the last flow event so far.</summary>
    public ulong LastSequence => (ulong)_ring.LastSequence;

    /// <summary>Why the file ended early; null when it did not.</summary>
    public CaptureFault? Fault => _fault;

    /// <summary>Packets, bytes and flows so far.</summary>
    public PathTotals Totals => _paths.Totals;

    internal IReadOnlyList<InterfaceRun> Interfaces { get; }

    internal long DroppedCount => Interfaces.Sum(watched => watched.Counts.Dropped);

    // On threads of their own: an interface waits for its packets in the kernel, and a file at full speed does not wait at all.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Task[] runs = Interfaces.Count == 0
            ? [OnThread(() => PlayAsync(stoppingToken)).Unwrap()]
            : [.. Interfaces.Select(watched => OnThread(() => watched.Run(stoppingToken)))];

        // None ends before the others but by an error, which is not to wait until they are stopped.
        await await Task.WhenAny(runs);
        await Task.WhenAll(runs);
        if (stoppingToken.IsCancellationRequested)
        {
            _completion.TrySetCanceled(stoppingToken);
        }
        else
        {
            _completion.TrySetResult();
        }
    }

    private async Task PlayAsync(CancellationToken token)
    {
        if (_sources.File.Length == 0)
        {
            _report.Idle();
            return;
        }

        await Start.Begun.WaitAsync(token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (token.IsCancellationRequested)
        {
            // Stopped before it was let go.
            return;
        }

        using var source = _sources.OpenFile();
        if (source.Fault is null)
        {
            _report.Playing(_sources.File);
        }

        await _paths.First.RunAsync(source, token);
        _paths.First.Finish();
        _fault = source.Fault;
        if (source.Fault is { } fault)
        {
            _report.Failed(fault);
        }
        else if (!token.IsCancellationRequested)
        {
            _report.Played(_sources.File, Totals.Packets);
        }
    }

    private static Task OnThread(Action work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Task<Task> OnThread(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
