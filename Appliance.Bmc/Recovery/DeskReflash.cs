using Appliance.Bmc.Board;
using Appliance.Bmc.Flashing;
using Appliance.Bmc.NodeFiles;

namespace Appliance.Bmc.Recovery;

/// <summary>Orders the flash where people order theirs, so that it has the same checks, lease, verification and proof.</summary>
internal sealed class DeskReflash(FlashDesk desk, NodeFileRenewer renew) : IReflash
{
    // Who waits for an admin has the board's attention no more.
    public bool IsBusy => desk.Active is { State: not (FlashState.Enrolling or FlashState.Starting) };

    public string? LastGood(SlotNumber slot) => Good(slot)?.ImageId;

    public async Task<string> ReflashAsync(SlotNumber slot, string caller, CancellationToken token)
    {
        if (Good(slot) is not { } good)
        {
            return "no image is known that ran in it";
        }

        // What guards critical slots from people's slips is weighed by the ladder itself.
        var order = new FlashOrder([slot], good.ImageId, RequestId: "") { ProofText = good.ProofText, AllowCritical = true, NodeFiles = await NodeFilesAsync(slot, good, token) };
        var flash = await desk.StartAsync(order, caller, token);
        await foreach (var change in desk.WatchAsync(flash.Id, token))
        {
            flash = change;
            if (flash.State == FlashState.Enrolling)
            {
                // Whether it helps is up to an admin now; the other slots need not wait for that.
                return "";
            }
        }

        return flash.State == FlashState.Succeeded ? "" : $"flash {flash.Id} ended {flash.State}. {flash.Failure}".TrimEnd();
    }

    private async Task<Dictionary<SlotNumber, NodeFileContent>> NodeFilesAsync(SlotNumber slot, LastGoodImage good, CancellationToken token) =>
        good.Node.Length > 0 && desk.UsedNodeFile(slot) is { } used ? new() { [slot] = await renew(used, token) } : [];

    // Without its node file the image would come up as no node at all; a router's is never kept.
    private LastGoodImage? Good(SlotNumber slot) => desk.LastGood(slot) is { } good && (good.Node.Length == 0 || desk.UsedNodeFile(slot) is not null) ? good : null;
}
