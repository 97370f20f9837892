namespace Appliance.Bmc.Simulation;

/// <summary>Brings a slot up as a USB disk of the BMC, and back.</summary>
internal sealed class FlashMode(BoardHardware hardware)
{
    /// <summary>What the daemon says of an empty slot, a Jetson and a CM4 without eMMC alike.</summary>
    public const string NoDevice = "Compute module's USB interface not found or supported";

    private static readonly TimeSpan BootTime = TimeSpan.FromSeconds(1);

    // rpiboot needs about 3 s until the disk shows; the RK1's loader is given 5.
    private static readonly TimeSpan Cm4Settles = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Rk1Settles = TimeSpan.FromSeconds(5);

    /// <summary>The module whose disk shows; null when none does: the slot then stays on and in that mode, as the daemon leaves it.</summary>
    public async Task<int?> EnterAsync(int node, CancellationToken token)
    {
        var bit = (byte)(1 << node);
        await hardware.ActivateAsync(0, bit, token);
        hardware.RouteUsb(new UsbSetting(node, UsbRole.Flash, ToBmc: true));
        hardware.SetBootPins(bit, bit);
        await hardware.ActivateAsync(bit, bit, token);
        await hardware.PauseAsync(BootTime, token);
        hardware.SetBootPins(0, BoardHardware.AllSlots);
        if (hardware.FindDisk(node) is not { } found)
        {
            return null;
        }

        await hardware.PauseAsync(hardware.Module(found) == SimulatedModule.Rk1 ? Rk1Settles : Cm4Settles, token);
        return found;
    }

    /// <summary>Off, and the USB switch as it is stored: so a flashed slot has to be switched on by whoever flashed it.</summary>
    public async Task LeaveAsync(int node, CancellationToken token)
    {
        var bit = (byte)(1 << node);
        await hardware.ActivateAsync(0, bit, token);
        hardware.SetBootPins(0, bit);
        hardware.RouteUsb(hardware.Stored().Usb);
    }
}
