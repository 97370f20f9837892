using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Tests.Slots;

public sealed class UsbControlTests : IDisposable
{
    private static readonly SlotNumber Slot2 = SlotNumber.All[1];
    private static readonly SlotOrder Order = new(Slot2, "alice");

    private readonly PretendBoard _board = new();
    private readonly SlotRig _rig;

    public UsbControlTests() => _rig = new SlotRig(_board, TimeProvider.System);

    [Fact]
    public async Task Bus_is_routed_and_seen_so()
    {
        await SelectAsync(new UsbRoute(Slot2, UsbMode.Host, ToBmc: true));

        Assert.Equal(["usb 2 Host True"], _board.Orders);
    }

    [Fact]
    public async Task Board_with_a_hub_makes_no_slot_the_host()
    {
        _board.Facts = _board.Facts with { Revision = "v2.5.1" };

        var error = await Assert.ThrowsAsync<BusyException>(() => SelectAsync(new UsbRoute(Slot2, UsbMode.Host, ToBmc: false)));
        await SelectAsync(new UsbRoute(Slot2, UsbMode.Device, ToBmc: true));

        Assert.Equal("USB_HUB", error.Reason);
        Assert.Equal(["usb 2 Device True"], _board.Orders);
    }

    [Fact]
    public async Task Flash_of_another_slot_has_the_bus()
    {
        using var flash = _rig.Marks.Flash(SlotNumber.All[3], "Image debian is being written.");

        var error = await Assert.ThrowsAsync<BusyException>(() => SelectAsync(new UsbRoute(Slot2, UsbMode.Device, ToBmc: true)));

        Assert.Equal(("FLASH_IN_PROGRESS", "Slot 4 is being flashed over the board's one USB bus. Try again when that is done."), (error.Reason, error.Message));
        Assert.Empty(_board.Orders);
    }

    [Fact]
    public async Task Route_that_the_board_does_not_confirm_is_told()
    {
        _board.Obeys = false;

        var error = await Assert.ThrowsAsync<BusyException>(() => SelectAsync(new UsbRoute(Slot2, UsbMode.Flash, ToBmc: true)));

        Assert.Equal("NOT_CONFIRMED", error.Reason);
    }

    public void Dispose() => _rig.Dispose();

    private Task SelectAsync(UsbRoute route) => _rig.Usb.SelectAsync(route, Order, TestContext.Current.CancellationToken);
}
