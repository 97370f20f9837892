using Appliance.Tests.Shared;

namespace Appliance.Image.Tests;

/// <summary>The virt image, built twice at the same time from two clean clones in different folders; once for all tests.</summary>
public sealed class BuiltImage : IAsyncLifetime
{
    // Two builds at once on two cores that other work may share.
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(30);

    private readonly TempFolder _folder = new();

    private string? _disk;

    internal const string Version = "7.1.0";

    /// <summary>What the first build put out.</summary>
    internal string Folder
    {
        get
        {
            Tool.SkipWhenMissing();
            return _folder.File("first/out");
        }
    }

    /// <summary>What the second build put out, from a folder with a longer name.</summary>
    internal string SecondFolder => _folder.File("second-checkout/out");

    internal static string Name => $"appliance-virt-{Version}";

    internal string File(string extension) => Path.Combine(Folder, Name + extension);

    public async ValueTask InitializeAsync()
    {
        if (Tool.Missing().Length > 0)
        {
            return;
        }

        var builds = await Task.WhenAll(BuildAsync(Folder), BuildAsync(SecondFolder));
        Assert.All(builds, build => build.Succeeded());
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The first image, decompressed.</summary>
    internal async Task<string> DiskAsync()
    {
        if (_disk is null)
        {
            var disk = _folder.File("disk.img");
            (await Tool.RunAsync("zstd", "-q", "-d", File(".img.zst"), "-o", disk)).Succeeded();
            _disk = disk;
        }

        return _disk;
    }

    private static async Task<Tool.Result> BuildAsync(string output)
    {
        var clone = Path.Combine(Path.GetDirectoryName(output)!, "clone");
        (await Tool.RunAsync("git", "clone", "-q", Checkout.Root, clone)).Succeeded();
        // A newer package of the mirror's is no fault of the change under test; the script names it.
        return await Tool.RunAsync(Guard, new Dictionary<string, string>(), Path.Combine(clone, "image/build"), ["virt", output, "--version", Version, "--allow-newer"]);
    }
}
