using System.Diagnostics;

namespace Appliance.Nodes;

/// <summary>The boot partition, which is mounted for reading only but for the moment that something is written there.</summary>
internal sealed class BootFolder : IDisposable
{
    private const string Program = "mount";

    private readonly string? _mounted;

    private BootFolder(string? mounted) => _mounted = mounted;

    /// <summary>Mounted for writing until it is disposed, where it is a mount of its own that can't be written now.</summary>
    public static BootFolder OpenForWriting(string folder)
    {
        var isReadOnly = File.ReadLines("/proc/self/mounts").Select(line => line.Split(' ')).Any(parts => parts.Length > 3 && parts[1] == folder && parts[3].Split(',').Contains("ro"));
        if (!isReadOnly)
        {
            return new BootFolder(mounted: null);
        }

        Mount("rw", folder);
        return new BootFolder(folder);
    }

    public void Dispose()
    {
        if (_mounted is not null)
        {
            Mount("ro", _mounted);
        }
    }

    private static void Mount(string mode, string folder)
    {
        using var process = Process.Start(new ProcessStartInfo(Program, ["-o", $"remount,{mode}", folder]) { UseShellExecute = false })
            ?? throw new IOException($"{Program} does not start.");
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new IOException($"{folder} can't be mounted {mode}; {Program} ended with {process.ExitCode}.");
        }
    }
}
