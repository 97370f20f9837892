using System.Text.Json;
using Appliance.Tests.Shared;

namespace Appliance.Image.Tests;

/// <summary>The image of a target, built once from a clean clone; or the one in the folder that APPLIANCE_TEST_IMAGE names, where there is one.</summary>
public abstract class TargetImage(string target) : IAsyncLifetime
{
    private const string BuiltVersion = "7.1.0";

    private const string ManifestExtension = ".manifest.json";

    private readonly TempFolder _folder = new();

    private readonly string? _given = Given(target);

    private bool _isMirrorAway;

    private string? _name;

    private string? _disk;

    /// <summary>What the build put out.</summary>
    internal string Folder
    {
        get
        {
            Tool.SkipWhenMissing();
            Assert.SkipWhen(_isMirrorAway, $"The image for {target} needs Debian's arm64 packages, and neither the cache nor a mirror has them.");
            return _given ?? _folder.File("first/out");
        }
    }

    /// <summary>Of the files, without their extensions.</summary>
    internal string Name => _name ??= Path.GetFileName(Assert.Single(Directory.GetFiles(Folder, $"appliance-{target}-*{ManifestExtension}")))[..^ManifestExtension.Length];

    internal string Version => Name[$"appliance-{target}-".Length..];

    internal string File(string extension) => Path.Combine(Folder, Name + extension);

    public async ValueTask InitializeAsync()
    {
        if (_given is null && Tool.Missing().Length == 0)
        {
            var build = await ImageBuild.RunAsync(target, _folder.File("first/out"), BuiltVersion);
            // No fault of the change under test either, where not even the index can be had; a package that is gone is one.
            _isMirrorAway = build.ExitCode != 0 && build.Error.Contains("the mirror's index could not be read", StringComparison.Ordinal);
            if (!_isMirrorAway)
            {
                build.Succeeded();
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>The image, decompressed; nothing may write to it.</summary>
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

    /// <summary>A copy of the image's disk that may be written to.</summary>
    internal async Task<string> DiskCopyAsync(TempFolder folder)
    {
        var copy = folder.File("disk.img");
        (await Tool.RunAsync("cp", "--sparse=always", await DiskAsync(), copy)).Succeeded();
        return copy;
    }

    internal async Task<JsonDocument> ReadAsync(string extension)
        => JsonDocument.Parse(await System.IO.File.ReadAllBytesAsync(File(extension), TestContext.Current.CancellationToken));

    private static string? Given(string target)
        => Environment.GetEnvironmentVariable("APPLIANCE_TEST_IMAGE") is { Length: > 0 } folder && Directory.GetFiles(folder, $"appliance-{target}-*{ManifestExtension}").Length > 0 ? folder : null;
}
