namespace Appliance.Hosting.Updates;

/// <summary>Where an installed node has what its updates are about. Tests name another root.</summary>
public sealed record UpdatePaths
{
    /// <summary>Says which image runs; made by the image's build.</summary>
    public string Image { get; init; } = "/usr/lib/appliance/image.json";

    /// <summary>Says which Debian package the program came with; beside the program, so that one from a checkout has none.</summary>
    public string Package { get; init; } = Path.Combine(AppContext.BaseDirectory, "package.json");

    /// <summary>Names the slot that was booted, as <c>rauc.slot=A</c>.</summary>
    public string CommandLine { get; init; } = "/proc/cmdline";

    /// <summary>Another in each boot of the kernel.</summary>
    public string BootId { get; init; } = "/proc/sys/kernel/random/boot_id";

    /// <summary>Whose signature an update has to carry.</summary>
    public string Certificate { get; init; } = "/usr/share/appliance/update.crt";

    /// <summary>Written by root alone and read by the roles: what has proved itself here.</summary>
    public string Shared { get; init; } = "/var/lib/appliance/updates";

    /// <summary>rauc(1), which asks its service over D-Bus.</summary>
    public string Rauc { get; init; } = "/usr/bin/rauc";

    /// <summary>Says which role the node has.</summary>
    public string NodeFile { get; init; } = "/var/lib/appliance/node.json";

    /// <summary>The same under another root than "/".</summary>
    public static UpdatePaths Under(string root)
    {
        var system = new UpdatePaths();
        return new UpdatePaths
        {
            Image = Join(root, system.Image),
            CommandLine = Join(root, system.CommandLine),
            BootId = Join(root, system.BootId),
            Certificate = Join(root, system.Certificate),
            Shared = Join(root, system.Shared),
            Rauc = Join(root, system.Rauc),
            NodeFile = Join(root, system.NodeFile),
        };
    }

    /// <summary>What has proved itself on this node.</summary>
    public string Good => Path.Combine(Shared, "good.json");

    /// <summary>What became of the package that was started last.</summary>
    public string Verdict => Path.Combine(Shared, "verdict.json");

    private static string Join(string root, string path) => Path.Combine(root, path.TrimStart('/'));
}
