using System.IO.Pipelines;

namespace Appliance.Bmc.Simulation;

/// <summary>One transfer from its begin to its end.</summary>
internal sealed class Transfer(uint handle, TransferRequest request) : IDisposable
{
    // The daemon holds 16 chunks of 32 KiB between the network and the module.
    private const int BufferedBytes = 16 * 32 * 1024;

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _claimed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _written;

    public uint Handle => handle;

    public TransferRequest Request => request;

    public Pipe Pipe { get; } = new(new PipeOptions(
        pauseWriterThreshold: BufferedBytes,
        resumeWriterThreshold: BufferedBytes / 2,
        useSynchronizationContext: false));

    /// <summary>Bytes written, and from the verify pass on bytes read back: it starts again at 0.</summary>
    public long Written
    {
        get => Volatile.Read(ref _written);
        set => Volatile.Write(ref _written, value);
    }

    public CancellationToken Stopped => _stop.Token;

    /// <summary>Done once an upload has begun.</summary>
    public Task Claimed => _claimed.Task;

    public Task Work { get; set; } = Task.CompletedTask;

    public bool TryClaim() => _claimed.TrySetResult();

    public void Stop() => _stop.Cancel();

    public void Dispose() => _stop.Dispose();
}
