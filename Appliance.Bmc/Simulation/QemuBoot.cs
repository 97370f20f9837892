namespace Appliance.Bmc.Simulation;

/// <summary>How the modules of a simulated board boot what is written to them: each as a virtual machine of qemu's, emulated on any host.</summary>
public sealed record QemuBoot
{
    /// <summary>Where the slots' disks lie, slot1.img to slot4.img; they outlive the board.</summary>
    public required string Folder { get; init; }

    public string Program { get; init; } = "qemu-system-aarch64";

    /// <summary>What starts first: U-Boot for qemu's machine `virt`, of Debian's u-boot-qemu.</summary>
    public string Firmware { get; init; } = "/usr/lib/u-boot/qemu_arm64/u-boot.bin";

    public int MemoryMiB { get; init; } = 1024;

    public int Processors { get; init; } = 2;

    /// <summary>Of a module's flash, which is larger than most images; sparse, so it takes what is written. The smallest CM4 with flash has 8 GB.</summary>
    public long DiskBytes { get; init; } = 8L << 30;

    public IReadOnlyList<QemuForward> Forwards { get; init; } = [];

    /// <summary>Further arguments of every slot's qemu.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
