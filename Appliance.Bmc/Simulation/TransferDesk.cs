using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Appliance.Bmc.Simulation;

/// <summary>The one transfer that a board can have, and what became of the last.</summary>
internal sealed class TransferDesk(TransferWorker worker, TimeProvider clock, CancellationToken daemonEnds)
{
    private const string CancelledByUser = "cancelled by user";

    // RESET_TIMEOUT of the daemon: an upload that has not begun by then is given up.
    private static readonly TimeSpan UploadWindow = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ErrorWait = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private Transfer? _running;
    private JsonNode? _ended;

    /// <summary>Starts a transfer; one that runs is silently cancelled.</summary>
    public uint Begin(TransferRequest request)
    {
        var handle = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));
        var transfer = new Transfer(handle, request);
        if (request.LocalFile is not null)
        {
            // Nobody has to send anything, and nobody may.
            transfer.TryClaim();
        }

        Transfer? before;
        lock (_gate)
        {
            before = _running;
            _running = transfer;
            _ended = null;
        }

        before?.Stop();
        transfer.Work = WorkAsync(transfer, before?.Work ?? Task.CompletedTask);
        _ = CloseWindowAsync(transfer);
        return handle;
    }

    /// <summary>"Ready", or what the running or last transfer is at.</summary>
    public JsonNode Status()
    {
        lock (_gate)
        {
            if (_ended is not null)
            {
                return _ended.DeepClone();
            }

            return _running is null ? JsonValue.Create("Ready") : new JsonObject
            {
                ["Transferring"] = new JsonObject
                {
                    ["id"] = _running.Handle,
                    ["process_name"] = _running.Request.ProcessName,
                    ["size"] = _running.Request.Size,
                    ["cancelled"] = _running.Stopped.IsCancellationRequested,
                    ["bytes_written"] = _running.Written,
                },
            };
        }
    }

    /// <summary>Hands the transfer to the upload that names it, once.</summary>
    public bool TryClaim(uint handle, [NotNullWhen(true)] out Transfer? transfer, [NotNullWhen(false)] out BoardAnswer? refusal)
    {
        lock (_gate)
        {
            transfer = _running;
            refusal = (_running, _ended) switch
            {
                (null, _) => BoardAnswer.BadRequest("cannot execute command in current state. current=Ready, expected=Transferring"),
                (_, JsonObject end) => BoardAnswer.BadRequest(
                    $"cannot execute command in current state. current={end.First().Key}, expected=Transferring"),
                ({ } open, _) when open.Handle != handle => BoardAnswer.BadRequest($"unauthorized request for handle {handle}"),
                ({ } open, _) when !open.TryClaim() => BoardAnswer.BadRequest("cannot transfer bytes to worker. This is either because the transfer happens locally, or is already ongoing."),
                _ => null,
            };
            return refusal is null;
        }
    }

    /// <summary>Stops what ran when the daemon ended, and waits for it, so that it writes nothing after that.</summary>
    public async Task EndAsync()
    {
        _running?.Stop();
        await (_running?.Work ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Stops whatever runs.</summary>
    public void Cancel() => End(_running, Error(CancelledByUser), stop: true);

    /// <summary>The text a dead worker left, after at most the 5 s that the daemon grants it.</summary>
    public async Task<string> WorkerErrorAsync(Transfer transfer)
    {
        await Task.WhenAny(transfer.Work, Task.Delay(ErrorWait, clock, daemonEnds));
        return Status() is JsonObject end && end["Error"] is { } text ? text.GetValue<string>() : "transfer canceled";
    }

    private static JsonObject Error(string text) => new() { ["Error"] = text };

    private async Task WorkAsync(Transfer transfer, Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var begun = clock.GetTimestamp();
        try
        {
            await worker.RunAsync(transfer, daemonEnds);
            var taken = clock.GetElapsedTime(begun);
            End(transfer, Done(taken, transfer.Request.Size), stop: false);
        }
        catch (TransferFault fault)
        {
            End(transfer, Error(fault.Message), stop: true);
        }
        catch (OperationCanceledException)
        {
            // Who stopped it has set the state already.
        }
        finally
        {
            await transfer.Pipe.Reader.CompleteAsync();
        }
    }

    private static JsonObject Done(TimeSpan taken, long size) => new()
    {
        ["Done"] = new JsonArray(
            new JsonObject { ["secs"] = (long)taken.TotalSeconds, ["nanos"] = (taken.Ticks % TimeSpan.TicksPerSecond) * 100 },
            JsonValue.Create(size)),
    };

    private async Task CloseWindowAsync(Transfer transfer)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(daemonEnds, transfer.Stopped);
        var window = Task.Delay(UploadWindow, clock, over.Token);
        var first = await Task.WhenAny(transfer.Claimed, window);
        if (first == window && !over.IsCancellationRequested && transfer.TryClaim())
        {
            End(transfer, Error("Send timeout"), stop: true);
        }

        await over.CancelAsync();
    }

    private void End(Transfer? transfer, JsonObject end, bool stop)
    {
        lock (_gate)
        {
            if (transfer is null || _running != transfer || _ended is not null)
            {
                return;
            }

            _ended = end;
        }

        if (stop)
        {
            transfer.Stop();
        }
    }
}
