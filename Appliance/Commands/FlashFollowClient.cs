using System.Globalization;
using Appliance.Protos.Bmc.V1;
using Grpc.Core;

namespace Appliance.Commands;

/// <summary>Follows a flash to its end, tells each stage, and has what waits for an admin approved where that was asked for.</summary>
internal sealed class FlashFollowClient(BmcService.BmcServiceClient client, ProgressBar progress, FlashApprovalClient? approval, TextWriter error)
{
    /// <summary>The job as it ended.</summary>
    public async Task<Flash> RunAsync(string id, CallOptions options)
    {
        Flash? last = null;
        try
        {
            using var call = client.WatchFlash(new WatchFlashRequest { FlashId = id }, options);
            await foreach (var answer in call.ResponseStream.ReadAllAsync(options.CancellationToken))
            {
                Tell(answer.Flash, last);
                last = answer.Flash;
                await ApproveAsync(last, options);
            }
        }
        catch (Exception lost) when (last is not null && lost is RpcException or OperationCanceledException)
        {
            throw new CommandFailedException($"{Where(last)} {(lost as RpcException)?.Status.Detail}", lost);
        }

        progress.Clear();
        return last ?? throw new CommandFailedException("The role told nothing of the job; 'appliance flash show' asks again.");
    }

    private async Task ApproveAsync(Flash flash, CallOptions options)
    {
        if (approval is null || flash.State != Flash.Types.State.Enrolling)
        {
            return;
        }

        foreach (var slot in flash.Results.Where(result => result.State == Flash.Types.State.Enrolling))
        {
            foreach (var approved in await approval.ApproveAsync(slot, options))
            {
                progress.Clear();
                await error.WriteLineAsync(approved);
            }
        }
    }

    private static string Where(Flash flash) =>
        $"Flash {flash.Id} is no longer followed; slot {flash.SlotNumber} was at '{FlashWire.Of(flash.State)}', and the job goes on in the bmc role. 'appliance flash watch {flash.Id}' follows it, 'appliance flash cancel {flash.Id}' ends it.";

    private void Tell(Flash flash, Flash? before)
    {
        if (flash.Note.Length > 0 && flash.Note != before?.Note)
        {
            progress.Clear();
            error.WriteLine(SiteCommand.Text(flash.Note));
        }

        var bytes = flash.State == Flash.Types.State.Verifying ? flash.VerifiedBytes : flash.WrittenBytes;
        var isCounted = flash.State is Flash.Types.State.Writing or Flash.Types.State.Verifying;
        progress.Tell(string.Create(CultureInfo.InvariantCulture, $"slot {flash.SlotNumber} {FlashWire.Of(flash.State)}"), bytes, isCounted ? flash.TotalBytes : 0);
    }
}
