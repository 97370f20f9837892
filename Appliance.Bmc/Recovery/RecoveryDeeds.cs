using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Recovery;

/// <summary>Carries out steps. Each holds the slot's lease, so that no order of people meets it half way.</summary>
internal sealed class RecoveryDeeds(INodeChannel nodes, SlotLeases leases, SlotControl control, IReflash reflash, IOptions<RecoveryOptions> options)
{
    /// <summary>True while somebody's order for the slot, or any flash, is under way.</summary>
    public bool IsBusy(SlotNumber slot) => reflash.IsBusy || leases.IsTaken(slot);

    /// <summary>Empty when it was carried out, else what kept it from that; whether it helps shows later.</summary>
    public async Task<string> DoAsync(SlotNumber slot, Rung rung, string caller, string reason, CancellationToken token)
    {
        try
        {
            switch (rung)
            {
                case Rung.RestartRole:
                    using (leases.Take(slot, "role restart", caller))
                    {
                        await nodes.RestartRoleAsync(slot, reason, token);
                    }

                    return "";
                case Rung.Reboot:
                    using (leases.Take(slot, "reboot", caller))
                    {
                        await nodes.RebootAsync(slot, reason, token);
                    }

                    return "";
                case Rung.PowerCycle:
                    await control.CycleAsync(OrderOf(slot, caller), options.Value.DownTime, token);
                    return "";
                default:
                    return await reflash.ReflashAsync(slot, caller, token);
            }
        }
        catch (ApplianceException error)
        {
            return error.Message;
        }
    }

    /// <summary>Switches on what a power cycle left off; empty when it was carried out.</summary>
    public async Task<string> SwitchOnAsync(SlotNumber slot, string caller, CancellationToken token)
    {
        try
        {
            await control.PowerOnAsync(OrderOf(slot, caller), token);
            return "";
        }
        catch (ApplianceException error)
        {
            return error.Message;
        }
    }

    // What guards critical slots from people's slips is weighed by the ladder itself.
    private static SlotOrder OrderOf(SlotNumber slot, string caller) => new(slot, caller) { AllowCritical = true };
}
