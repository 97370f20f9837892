using System.Security.Cryptography;

namespace Appliance.Bmc.Simulation;

/// <summary>Writes a transfer to its module and reads it back.</summary>
internal sealed class TransferWorker(BoardHardware hardware, FlashMode flashMode)
{
    // eMMC of a CM4 over the BMC's USB 2.0 reads at most about 40 MB/s.
    private const double ReadBytesPerSecond = 40e6;
    private const int BlockBytes = 524_288;

    /// <summary>Ends normally when all is written and verified, else by <see cref="TransferFault"/> or cancellation.</summary>
    public async Task RunAsync(Transfer transfer, CancellationToken daemonEnds)
    {
        if (transfer.Request.Node is not { } node)
        {
            await WriteAsync(transfer);
            return;
        }

        if (!await flashMode.EnterAsync(node, daemonEnds))
        {
            // The daemon returns here without cleaning up: the slot stays on and in flash mode.
            throw new TransferFault(FlashMode.NoDevice);
        }

        try
        {
            await WriteAsync(transfer);
            await VerifyAsync(transfer);
        }
        finally
        {
            await flashMode.LeaveAsync(node, daemonEnds);
        }
    }

    private static async Task WriteAsync(Transfer transfer)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var reader = transfer.Pipe.Reader;
        while (true)
        {
            var read = await reader.ReadAsync(transfer.Stopped);
            foreach (var block in read.Buffer)
            {
                digest.AppendData(block.Span);
            }

            transfer.Written += read.Buffer.Length;
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        // Over the bytes as sent and only now, when all of them are on the module already.
        var got = digest.GetHashAndReset();
        if (transfer.Request.Sha256 is { } expected && !expected.AsSpan().SequenceEqual(got))
        {
            throw new TransferFault(
                $"sha256 checksum failed. Expected: {Convert.ToHexStringLower(expected)}, got: {Convert.ToHexStringLower(got)}");
        }
    }

    private async Task VerifyAsync(Transfer transfer)
    {
        if (!transfer.Request.Verify)
        {
            return;
        }

        transfer.Written = 0;
        while (transfer.Written < transfer.Request.Size)
        {
            var block = Math.Min(BlockBytes, transfer.Request.Size - transfer.Written);
            await hardware.PauseAsync(TimeSpan.FromSeconds(block / ReadBytesPerSecond), transfer.Stopped);
            transfer.Stopped.ThrowIfCancellationRequested();
            transfer.Written += block;
        }
    }
}
