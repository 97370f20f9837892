namespace Appliance.Fuzzing.Targets;

/// <summary>The recorded traffic of the checkout that this was built in, or of the folder that APPLIANCE_TRAFFIC names.</summary>
internal static class Recordings
{
    public static IEnumerable<string> Files() => Directory.EnumerateFiles(Folder(), "*.pcap*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    /// <summary>Frames in a seed of the form that FrameTarget reads.</summary>
    public static int CountOf(List<byte> seed)
    {
        var count = 0;
        for (var place = 0; place < seed.Count; place += 4 + seed[place + 2] + (seed[place + 3] << 8))
        {
            count++;
        }

        return count;
    }

    private static string Folder()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "traffic", "MANIFEST.tsv")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return Environment.GetEnvironmentVariable("APPLIANCE_TRAFFIC")
            ?? Path.Combine(folder ?? throw new DirectoryNotFoundException($"{AppContext.BaseDirectory} lies in no checkout; set APPLIANCE_TRAFFIC."), "traffic");
    }
}
