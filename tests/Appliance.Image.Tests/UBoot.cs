using System.Diagnostics;

namespace Appliance.Image.Tests;

/// <summary>Switches a virtual machine on until U-Boot has chosen a slot, and pulls the plug; the disk keeps what was written.</summary>
internal static class UBoot
{
    private const string Chosen = "appliance: slot ";

    // A guard against a hang only.
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(3);

    /// <summary>What U-Boot said of its choice.</summary>
    public static async Task<string> StartAsync(string firmware, string disk)
    {
        using var machine = Process.Start(new ProcessStartInfo(
            "qemu-system-aarch64",
            [
                "-M", "virt,gic-version=3", "-cpu", "cortex-a72", "-m", "1024", "-accel", "tcg", "-nodefaults", "-display", "none", "-serial", "stdio", "-bios", firmware,
                "-drive", $"if=none,id=disk,file={disk},format=raw,cache=writethrough", "-device", "virtio-blk-pci,drive=disk",
            ])
        { RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false })!;
        using var guard = new CancellationTokenSource(Guard);
        try
        {
            while (await machine.StandardOutput.ReadLineAsync(guard.Token) is { } line)
            {
                if (line.StartsWith(Chosen, StringComparison.Ordinal) && line.Contains("tries left", StringComparison.Ordinal))
                {
                    return line[Chosen.Length..].Insert(0, "slot ").TrimEnd();
                }
            }

            return "U-Boot chose no slot.";
        }
        finally
        {
            machine.Kill();
            await machine.WaitForExitAsync(CancellationToken.None);
        }
    }
}
