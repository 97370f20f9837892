namespace Appliance.Tests.Shared;

/// <summary>The checkout that the tests run in, found upwards from the test's own folder.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    /// <summary>Captures of the third-party corpus, with their MANIFEST; null where `APPLIANCE_CORPUS` names none.</summary>
    public static string? Corpus
        => Environment.GetEnvironmentVariable("APPLIANCE_CORPUS") is { Length: > 0 } folder && Path.Combine(folder, "pcap") is var captures && Directory.Exists(captures)
            ? captures
            : null;

    /// <summary>Folder of the project's own recordings.</summary>
    public static string Traffic => Path.Combine(Root, "traffic");

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Appliance.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"No Appliance.slnx above {AppContext.BaseDirectory}; run the tests from a checkout.");
    }
}
