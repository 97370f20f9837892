namespace Appliance.Bmc.Simulation;

/// <summary>Writes a transfer to its module and reads it back.</summary>
internal sealed class TransferWorker(BoardHardware hardware, FlashMode flashMode, SimulatorOptions options, TimeProvider clock, Action<Interruption> interrupt)
{
    // eMMC of a CM4 over the BMC's USB 2.0 reads at most about 40 MB/s.
    private const double ReadBytesPerSecond = 40e6;
    private const int WriteBytes = 64 * 1024;
    private const int ReadBytes = 524_288;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);

    private readonly BoardFaults _faults = options.Faults;
    private readonly BoardProfile _profile = options.Profile;

    /// <summary>Ends normally when all is written and verified, else by <see cref="TransferFault"/> or cancellation.</summary>
    public async Task RunAsync(Transfer transfer, CancellationToken daemonEnds)
    {
        if (transfer.Request.Node is not { } node)
        {
            using var image = new ImageRecorder(() => null);
            await InstallFirmwareAsync(transfer, image, daemonEnds);
            return;
        }

        if (await flashMode.EnterAsync(node, daemonEnds) is not { } target)
        {
            // The daemon returns here without cleaning up: the slot stays on and in flash mode.
            throw new TransferFault(FlashMode.NoDevice);
        }

        await FlashAsync(transfer, target, daemonEnds);
        if (_faults.TakesKillAfterFlash())
        {
            await KillAsync(daemonEnds);
        }
    }

    private async Task InstallFirmwareAsync(Transfer transfer, ImageRecorder image, CancellationToken daemonEnds)
    {
        await WriteAsync(transfer, image, daemonEnds);
        if (_faults.TakesFirmwareFailure())
        {
            throw new TransferFault($"failed {_profile.FirmwareStep} (exit status: 255)");
        }

        hardware.StageFirmware(FirmwareLabel.Find(image.Head()));
    }

    private async Task FlashAsync(Transfer transfer, int target, CancellationToken daemonEnds)
    {
        using var image = new ImageRecorder(() => hardware.Rewrite(target));
        var isVerified = false;
        try
        {
            await WriteAsync(transfer, image, daemonEnds);
            await VerifyAsync(transfer, image.Length, daemonEnds);
            isVerified = true;
        }
        finally
        {
            if (image.Length > 0)
            {
                hardware.SetContent(target, _ => image.Image(isVerified));
            }

            // A dead daemon cleans up nothing, and an old one only behind itself when all went well.
            if (!daemonEnds.IsCancellationRequested && (isVerified || _profile.CleansUpFailedFlash))
            {
                await flashMode.LeaveAsync(transfer.Request.Node ?? target, daemonEnds);
            }
        }
    }

    private async Task WriteAsync(Transfer transfer, ImageRecorder image, CancellationToken daemonEnds)
    {
        await using var source = new TransferSource(transfer);
        var begun = clock.GetTimestamp();
        var buffer = new byte[WriteBytes];
        while (await source.ReadAsync(buffer) is > 0 and var count)
        {
            await WriteAsync(transfer, image, buffer.AsMemory(0, count), begun, daemonEnds);
        }

        CheckSent(transfer.Request, source);
    }

    private async Task WriteAsync(Transfer transfer, ImageRecorder image, ReadOnlyMemory<byte> block, long begun, CancellationToken daemonEnds)
    {
        // Old daemons take as many bytes as were announced and let the rest be.
        var rest = _profile.RefusesShortUpload ? block : block[..(int)Math.Min(block.Length, transfer.Request.Size - image.Length)];
        await KillIfAsync(_faults.TakesKillWrite(image.Length), daemonEnds);
        while (rest.Length > 0)
        {
            var count = BoardFaults.Until(_faults.KillWriteAt, null, image.Length, Math.Min(rest.Length, WriteBytes));
            image.Write(rest.Span[..count]);
            transfer.Written = image.Length;
            rest = rest[count..];
            await KillIfAsync(_faults.TakesKillWrite(image.Length), daemonEnds);
            await SlowDownAsync(image.Length, begun, transfer.Stopped);
        }
    }

    private static void CheckSent(TransferRequest request, TransferSource source)
    {
        if (source.Length < request.Size)
        {
            throw new TransferFault($"missing {HumanSize.Format((ulong)(request.Size - source.Length))} bytes");
        }

        // Over the bytes as sent, before they are decoded, and only now, when all of them are on the module already.
        var got = source.Digest();
        if (request.Sha256 is { } expected && !expected.AsSpan().SequenceEqual(got))
        {
            throw new TransferFault(
                $"sha256 checksum failed. Expected: {Convert.ToHexStringLower(expected)}, got: {Convert.ToHexStringLower(got)}");
        }
    }

    /// <summary>Reads back what was written, which is more than was sent where it was decoded.</summary>
    private async Task VerifyAsync(Transfer transfer, long size, CancellationToken daemonEnds)
    {
        if (!transfer.Request.Verify)
        {
            return;
        }

        var begun = clock.GetTimestamp();
        var done = 0L;
        transfer.Written = _profile.CountsVerify ? 0 : size;
        await KillIfAsync(_faults.TakesKillVerify(0), daemonEnds);
        while (done < size)
        {
            var count = BoardFaults.Until(_faults.KillVerifyAt, null, done, (int)Math.Min(ReadBytes, size - done));
            await hardware.PauseAsync(TimeSpan.FromSeconds(count / ReadBytesPerSecond), transfer.Stopped);
            transfer.Stopped.ThrowIfCancellationRequested();
            done += count;
            transfer.Written = _profile.CountsVerify ? done : size;
            await KillIfAsync(_faults.TakesKillVerify(done), daemonEnds);
            await SlowDownAsync(done, begun, transfer.Stopped);
        }

        if (_faults.TakesVerifyFailure())
        {
            throw new TransferFault("crc error. expected 10598237912457892341, calculated 3407982347823478910");
        }
    }

    private Task SlowDownAsync(long bytes, long begun, CancellationToken token)
    {
        var due = _faults.FlashBytesPerSecond is { } speed ? TimeSpan.FromSeconds((double)bytes / speed) : TimeSpan.Zero;
        var pause = due - clock.GetElapsedTime(begun);
        return pause >= ShortestPause ? Task.Delay(pause, clock, token) : Task.CompletedTask;
    }

    private Task KillIfAsync(bool isDue, CancellationToken daemonEnds) => isDue ? KillAsync(daemonEnds) : Task.CompletedTask;

    /// <summary>Never ends but by the end of the daemon.</summary>
    private Task KillAsync(CancellationToken daemonEnds)
    {
        interrupt(Interruption.Kill);
        return Task.Delay(Timeout.InfiniteTimeSpan, clock, daemonEnds);
    }
}
