namespace Appliance.Bmc.Simulation;

/// <summary>A port of this machine's loopback that leads to one of a slot's virtual machine.</summary>
/// <param name="Slot">1 to 4.</param>
/// <param name="HostPort">On 127.0.0.1.</param>
/// <param name="GuestPort">In the virtual machine.</param>
public sealed record QemuForward(int Slot, int HostPort, int GuestPort)
{
    /// <summary>As SLOT:PORT:GUESTPORT; null where it is not that.</summary>
    public static QemuForward? Parse(string text) => text.Split(':') is [var slot, var host, var guest]
        && int.TryParse(slot, out var number) && number is >= 1 and <= BoardHardware.SlotCount
        && ushort.TryParse(host, out var from) && from > 0
        && ushort.TryParse(guest, out var to) && to > 0
        ? new QemuForward(number, from, to)
        : null;
}
