using Appliance.Bmc.Board;
using Appliance.Bmc.Flashing;

namespace Appliance.Bmc.Recovery;

/// <summary>Orders the flash where people order theirs, so that it has the same checks, lease, verification and proof.</summary>
internal sealed class DeskReflash(FlashDesk desk) : IReflash
{
    public bool IsBusy => desk.Active is not null;

    public string? LastGood(SlotNumber slot) => desk.LastGood(slot)?.ImageId;

    public async Task<string> ReflashAsync(SlotNumber slot, string caller, CancellationToken token)
    {
        if (desk.LastGood(slot) is not { } good)
        {
            return "no image is known that ran in it";
        }

        // What guards critical slots from people's slips is weighed by the ladder itself.
        var order = new FlashOrder([slot], good.ImageId, RequestId: "") { ProofText = good.ProofText, AllowCritical = true };
        var flash = await desk.StartAsync(order, caller, token);
        await foreach (var change in desk.WatchAsync(flash.Id, token))
        {
            flash = change;
        }

        return flash.State == FlashState.Succeeded ? "" : $"flash {flash.Id} ended {flash.State}. {flash.Failure}".TrimEnd();
    }
}
