using Appliance.Bmc.Board;
using Appliance.Hosting;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Slots;

/// <summary>Lets one order a slot in at a time, and none that cuts what must not be cut by accident.</summary>
internal sealed class SlotGuard(SlotLeases leases, IOptions<SlotOptions> options)
{
    private readonly SlotOptions _options = options.Value;

    /// <summary>Takes the slot until disposed, for an order that cuts no power.</summary>
    public IDisposable Enter(SlotOrder order, string what) => leases.Take(order.Slot, what, order.Caller);

    /// <summary>Takes the slot until disposed, for an order that cuts its power.</summary>
    public IDisposable EnterToCut(SlotOrder order, string what)
    {
        if (!order.AllowCritical && Objection(order.Slot, order.CallerRoles) is var (reason, because))
        {
            throw new BusyException(reason, $"Slot {order.Slot} {because}, so its {what} is refused; set allow_critical to do it all the same.");
        }

        return leases.Take(order.Slot, what, order.Caller);
    }

    /// <summary>True when the slot hosts this very role: it is gone as soon as it has cut itself.</summary>
    public bool HostsThisRole(SlotNumber slot) => _options.HostedOn == slot.Number;

    /// <summary>Why the slot is not cut by an order that does not say that it may; null when it may be.</summary>
    public (string Reason, string Because)? Objection(SlotNumber slot, IReadOnlyList<Role> callerRoles)
    {
        var label = _options.Of(slot);
        if (HostsThisRole(slot))
        {
            return ("SLOT_HOSTS_BMC", $"hosts this role itself ({SlotOptions.Section}:{nameof(SlotOptions.HostedOn)})");
        }

        if (label.NodeAddresses().FirstOrDefault(node => callerRoles.Contains(node.Role)) is { } host)
        {
            return ("SLOT_HOSTS_CALLER", $"hosts the {host.Role.Word()} that this call comes from");
        }

        return label.Critical ? ("SLOT_CRITICAL", $"is critical ({SlotOptions.Section}:Slot{slot}:{nameof(SlotLabel.Critical)})") : null;
    }
}
