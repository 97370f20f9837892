using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Appliance.Bmc.NodeFiles;
using Appliance.Bmc.Tests.Images;
using Appliance.Hosting.Errors;
using Appliance.Tests.Shared;

namespace Appliance.Bmc.Tests.NodeFiles;

[SupportedOSPlatform("linux")]
public sealed class ImageCustomizationTests : IDisposable
{
    private readonly SiteNodeFiles _files = new();
    private readonly TempFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("out.img")]
    [InlineData("out.img.zst")]
    public async Task Copy_has_the_node_file_and_is_its_owners_alone(string name)
    {
        using var disk = await DiskImage.WithPlaceholderAsync();
        await File.WriteAllBytesAsync(_folder.File("in.img.zst"), await Packed.WithAsync("zstd", "-q -c", disk.Bytes), Token);
        var output = _folder.File(name);

        var raw = await OpenAsync("in.img.zst");
        var digest = await ImageCustomization.WriteAsync(raw, _files.Content("node1"), output, Token);

        var bytes = await File.ReadAllBytesAsync(output, Token);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), digest);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(output));
        var unpacked = name.EndsWith(".zst", StringComparison.Ordinal) ? await Packed.WithAsync("zstd", "-q -d -c", bytes) : bytes;
        Assert.Equal(Encoding.UTF8.GetString(_files.Bytes("node1")), (await disk.ReadNodeFileAsync(unpacked)).TrimEnd(' '));
    }

    [Fact]
    public async Task Image_without_a_place_leaves_no_file()
    {
        using var disk = await DiskImage.BareAsync();
        File.Copy(disk.Path, _folder.File("in.img"));

        var raw = await OpenAsync("in.img");
        var error = await Assert.ThrowsAsync<BusyException>(() => ImageCustomization.WriteAsync(raw, _files.Content("node1"), _folder.File("out.img"), Token));

        Assert.Equal("IMAGE_TAKES_NO_NODE_FILE", error.Reason);
        Assert.Equal(["in.img"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Inspection_tells_partitions_and_the_node()
    {
        using var disk = await DiskImage.WithPlaceholderAsync(32);
        File.Copy(disk.Path, _folder.File("in.img"));
        await ImageCustomization.WriteAsync(await OpenAsync("in.img"), _files.Content("node1"), _folder.File("out.img"), Token);

        var before = await InspectAsync("in.img");
        var after = await InspectAsync("out.img");

        Assert.Equal("empty place", before.NodeFile);
        Assert.Equal("router node1 of site home", after.NodeFile);
        Assert.Equal(["bootconfig", "env"], after.Partitions.Select(partition => partition.Name));
        Assert.Equal((1 << 20, 40 << 20), ((int)after.Partitions[0].Range.Start, (int)after.Partitions[0].Range.Length));
    }

    [Fact]
    public async Task Inspection_of_other_bytes_says_why_there_is_no_place()
    {
        await File.WriteAllBytesAsync(_folder.File("in.img"), Packed.Noise(100_000), Token);

        var seen = await InspectAsync("in.img");

        Assert.StartsWith("none: The image takes no node file: it has no GUID partition table", seen.NodeFile, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _files.Dispose();
        _folder.Dispose();
    }

    private Task<Stream> OpenAsync(string name) => ImageCustomization.OpenAsync(_folder.File(name), new Progress<(long, long)>(), Token);

    private async Task<ImageInspection> InspectAsync(string name)
    {
        await using var raw = await OpenAsync(name);
        return await ImageInspection.ReadAsync(raw, Token);
    }
}
