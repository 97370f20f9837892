using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Appliance.Hosting;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Tests.Slots;

public sealed class SlotGuardTests
{
    private static readonly SlotOptions Configured = new()
    {
        HostedOn = 2,
        Slot1 = new SlotLabel { Critical = true },
        Slot2 = new SlotLabel { Node = "192.0.2.2", Roles = ["logger", "bmc"] },
        Slot3 = new SlotLabel { Node = "192.0.2.3", Roles = ["detector"] },
    };

    private readonly SlotGuard _guard = new(new SlotLeases(), Options.Create(Configured));

    [Theory]
    [InlineData(1, "SLOT_CRITICAL", "Slot 1 is critical (Bmc:Slots:Slot1:Critical), so its restart is refused; set allow_critical to do it all the same.")]
    [InlineData(2, "SLOT_HOSTS_BMC", "Slot 2 hosts this role itself (Bmc:Slots:HostedOn), so its restart is refused; set allow_critical to do it all the same.")]
    [InlineData(3, "SLOT_HOSTS_CALLER", "Slot 3 hosts the detector that this call comes from, so its restart is refused; set allow_critical to do it all the same.")]
    public void Slot_that_must_not_be_cut_by_accident_is_refused(int slot, string reason, string message)
    {
        var order = Order(slot) with { CallerRoles = [Role.Detector] };

        var error = Assert.Throws<BusyException>(() => _guard.EnterToCut(order, "restart"));

        Assert.Equal((reason, message), (error.Reason, error.Message));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Order_that_says_so_is_let_in(int slot)
    {
        var order = Order(slot) with { CallerRoles = [Role.Detector], AllowCritical = true };

        using var lease = _guard.EnterToCut(order, "restart");

        Assert.Throws<BusyException>(() => _guard.Enter(order, "power on"));
    }

    [Fact]
    public void Order_that_cuts_nothing_needs_no_leave()
    {
        using var lease = _guard.Enter(Order(1), "power on");

        Assert.NotNull(lease);
    }

    [Fact]
    public void Refused_order_does_not_keep_the_slot()
    {
        Assert.Throws<BusyException>(() => _guard.EnterToCut(Order(1), "restart"));

        using var lease = _guard.Enter(Order(1), "power on");

        Assert.NotNull(lease);
    }

    private static SlotOrder Order(int slot) => new(SlotNumber.All[slot - 1], "alice");
}
