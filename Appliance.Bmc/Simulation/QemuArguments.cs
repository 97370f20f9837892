using System.Globalization;

namespace Appliance.Bmc.Simulation;

/// <summary>The command line of a slot's virtual machine.</summary>
internal static class QemuArguments
{
    /// <summary>Of setpriv, which makes the kernel kill what it starts when the thread that started it is gone, however that ended.</summary>
    public static IReadOnlyList<string> Of(QemuBoot boot, int slot, string disk, string monitor) =>
    [
        "--pdeathsig", "KILL", "--", boot.Program,
        "-machine", "virt,gic-version=3", "-cpu", "cortex-a72", "-accel", "tcg,thread=multi",
        "-smp", Text(boot.Processors), "-m", Text(boot.MemoryMiB),
        "-nodefaults", "-no-user-config", "-display", "none",
        "-bios", boot.Firmware,
        "-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console",
        "-monitor", $"unix:{Escaped(monitor)},server=on,wait=off",

        // A board that is cut from power may lose what its flash had not written; the host's page cache does not.
        "-drive", $"if=none,id=flash,format=raw,cache=unsafe,discard=unmap,file={Escaped(disk)}",
        "-device", "virtio-blk-pci,drive=flash",
        "-netdev", "user,id=network" + string.Concat(boot.Forwards.Where(forward => forward.Slot == slot)
            .Select(forward => string.Create(CultureInfo.InvariantCulture, $",hostfwd=tcp:127.0.0.1:{forward.HostPort}-:{forward.GuestPort}"))),
        "-device", string.Create(CultureInfo.InvariantCulture, $"virtio-net-pci,netdev=network,romfile=,mac=52:54:00:12:34:{slot:x2}"),
        "-device", "virtio-rng-pci",

        // The watchdog resets the module, as that of a CM4 does.
        "-device", "i6300esb", "-action", "watchdog=reset",
        .. boot.Arguments,
    ];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // A comma begins qemu's next property.
    private static string Escaped(string path) => path.Replace(",", ",,", StringComparison.Ordinal);
}
