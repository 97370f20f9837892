using System.Text.Json;
using Appliance.Tests.Shared;

namespace Appliance.Image.Tests;

/// <summary>The virt image, built once for all tests from a clean clone; or the one in the folder that APPLIANCE_TEST_IMAGE names.</summary>
public sealed class BuiltImage : IAsyncLifetime
{
    private const string BuiltVersion = "7.1.0";

    private const string ManifestExtension = ".manifest.json";

    private readonly TempFolder _folder = new();

    private readonly string? _given = Environment.GetEnvironmentVariable("APPLIANCE_TEST_IMAGE");

    private string? _name;

    private string? _disk;

    /// <summary>What the build put out.</summary>
    internal string Folder
    {
        get
        {
            Tool.SkipWhenMissing();
            return _given ?? _folder.File("first/out");
        }
    }

    /// <summary>Of the files, without their extensions.</summary>
    internal string Name => _name ??= Path.GetFileName(Assert.Single(Directory.GetFiles(Folder, "appliance-virt-*" + ManifestExtension)))[..^ManifestExtension.Length];

    internal string Version => Name["appliance-virt-".Length..];

    internal string File(string extension) => Path.Combine(Folder, Name + extension);

    public async ValueTask InitializeAsync()
    {
        if (_given is null && Tool.Missing().Length == 0)
        {
            (await ImageBuild.RunAsync("virt", Folder, BuiltVersion)).Succeeded();
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
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

    internal async Task<JsonDocument> ReadAsync(string extension)
        => JsonDocument.Parse(await System.IO.File.ReadAllBytesAsync(File(extension), TestContext.Current.CancellationToken));
}
