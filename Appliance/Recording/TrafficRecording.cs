using Appliance.Commands;
using Appliance.Router.Capture;

namespace Appliance.Recording;

/// <summary>Writes an interface's frames to files until it is stopped, its time is over, or its room is full.</summary>
internal sealed class TrafficRecording(RecordRequest request, LiveSources sources, TimeProvider clock)
{
    private const int BatchSize = 1024;
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    private long _flushStamp;
    private bool _isFull;

    /// <param name="started">Is told of the source once it is open.</param>
    /// <param name="token">Stops it; what the kernel has taken until then is still written.</param>
    public async Task<RecordingSummary> RunAsync(Action<IPacketSource> started, CancellationToken token)
    {
        using var source = sources.Open(request.Interface, request.Capture, request.SnapLength);
        if (source.Fault is { } fault)
        {
            throw new CommandFailedException(fault.Text);
        }

        using var files = new RecordingFiles(request);
        started(source);
        var begin = _flushStamp = clock.GetTimestamp();
        using var time = new CancellationTokenSource(request.Duration ?? Timeout.InfiniteTimeSpan, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(token, time.Token);
        var error = await WriteAsync(source, files, stop.Token);
        var unfinished = Complete(files);
        error ??= unfinished ?? source.Fault?.Text;
        var end = error is not null ? "failed" : _isFull ? "size" : token.IsCancellationRequested ? "stopped" : "time";
        return new RecordingSummary(
            files.PacketsCount, files.WireBytes, source.DroppedCount, clock.GetElapsedTime(begin).TotalSeconds, end, [.. files.Finished], error);
    }

    private async Task<string?> WriteAsync(IPacketSource source, RecordingFiles files, CancellationToken token)
    {
        using var halt = token.Register(source.Halt);
        try
        {
            for (var outcome = WriteBatch(source, files); outcome != ReadOutcome.End && !_isFull; outcome = WriteBatch(source, files))
            {
                if (outcome == ReadOutcome.Idle)
                {
                    FlushIfDue(files);
                    await source.WaitAsync(CancellationToken.None);
                }
            }

            return null;
        }
        catch (IOException full)
        {
            return Failed(files, full);
        }
    }

    private ReadOutcome WriteBatch(IPacketSource source, RecordingFiles files)
    {
        var outcome = ReadOutcome.Frame;
        for (var i = 0; i < BatchSize && outcome == ReadOutcome.Frame && !_isFull; i++)
        {
            outcome = source.Read(out var frame);
            if (outcome == ReadOutcome.Frame)
            {
                _isFull = !files.TryAppend(frame);
            }
        }

        return outcome;
    }

    // On a quiet link a reader of the file is not kept waiting for a full buffer.
    private void FlushIfDue(RecordingFiles files)
    {
        if (clock.GetElapsedTime(_flushStamp) >= FlushInterval)
        {
            files.Flush();
            _flushStamp = clock.GetTimestamp();
        }
    }

    private static string? Complete(RecordingFiles files)
    {
        try
        {
            files.Complete();
            return null;
        }
        catch (IOException full)
        {
            return Failed(files, full);
        }
    }

    private static string Failed(RecordingFiles files, IOException full) =>
        $"{full.Message.TrimEnd('.')}; the {files.PacketsCount} packets before can be read. Free some space, or lower --max-megabytes.";
}
