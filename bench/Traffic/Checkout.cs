namespace Appliance.Benchmarks.Traffic;

/// <summary>The checkout that this was built in.</summary>
internal static class Checkout
{
    public static string Folder { get; } = Find();

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Appliance.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException($"{AppContext.BaseDirectory} lies in no checkout; build and run it there.");
    }
}
