using Appliance.Bmc.Board;
using Appliance.Bmc.Flashing;

namespace Appliance.Bmc.Recovery;

/// <summary>Orders the flash where people order theirs, so that it has the same checks, lease, verification and proof.</summary>
internal sealed class DeskReflash(FlashDesk desk) : IReflash
{
    public bool IsBusy => desk.Active is not null;

    public string? LastGood(SlotNumber slot) => Good(slot)?.ImageId;

    public async Task<string> ReflashAsync(SlotNumber slot, string caller, CancellationToken token)
    {
        if (Good(slot) is not { } good)
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

    // A node file is not kept, and its token is used up: the image without it would come up as no node at all.
    private LastGoodImage? Good(SlotNumber slot) => desk.LastGood(slot) is { Node: "" } good ? good : null;
}
