using System.Security.Cryptography;
using System.Text;
using Appliance.Bmc.Images;
using Appliance.Bmc.NodeFiles;
using Appliance.Bmc.Tests.Images;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Tests.NodeFiles;

public sealed class NodeFileOverlayTests : IDisposable
{
    private readonly SiteNodeFiles _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(16, 1)]
    [InlineData(16, 1000)]
    [InlineData(32, 65_536)]
    [InlineData(32, 10_000_000)]
    public async Task Image_passes_with_the_file_in_its_place_and_nothing_else_changed(int bits, int step)
    {
        using var image = await DiskImage.WithPlaceholderAsync(bits);
        var before = image.Bytes;
        var place = NodeFilePlace.Find(before).Value!;

        // A byte at a time only around the place.
        var after = await ReadAsync(new MemoryStream(before), step, place.End + 10);

        Assert.Equal(before.Length, after.Length);
        Assert.Equal(Encoding.UTF8.GetString(_files.Bytes("router")), (await image.ReadNodeFileAsync(after)).TrimEnd(' '));
        Assert.Equal(SHA256.HashData(before), SHA256.HashData(Restored(after, before, place)));
    }

    [Theory]
    [InlineData("zstd", "-q -c")]
    [InlineData("xz", "-q -c -T1")]
    public async Task Packed_image_is_laid_over_as_it_is_decompressed(string tool, string arguments)
    {
        using var image = await DiskImage.WithPlaceholderAsync();
        var packed = await Packed.WithAsync(tool, arguments, image.Bytes);
        var format = ImageFormats.Read(packed.AsSpan(0, ImageFormats.HeadBytes), "disk.img");

        var after = await ReadAsync(ImageFormats.Decode(new MemoryStream(packed), format), 1 << 16, long.MaxValue);

        Assert.Equal(Encoding.UTF8.GetString(_files.Bytes("router")), (await image.ReadNodeFileAsync(after)).TrimEnd(' '));
    }

    [Fact]
    public async Task Image_that_ends_before_the_place_is_refused()
    {
        using var image = await DiskImage.WithPlaceholderAsync(32);
        var place = NodeFilePlace.Find(image.Bytes).Value!;
        var cut = image.Bytes[..(int)(place.End - 1)];

        var error = await Assert.ThrowsAsync<BusyException>(() => ReadAsync(new MemoryStream(cut), 1 << 16, long.MaxValue));

        Assert.Equal("IMAGE_TAKES_NO_NODE_FILE", error.Reason);
    }

    [Fact]
    public async Task Other_bytes_are_refused_before_any_passes()
    {
        var error = await Assert.ThrowsAsync<BusyException>(
            () => NodeFileOverlay.OpenAsync(new MemoryStream(Packed.Noise(2_000_000)), _files.Content("router"), Token));

        Assert.Equal(
            "The image takes no node file: it has no GUID partition table for sectors of 512 bytes. Take an image of the appliance, or leave the node file away.",
            error.Message);
    }

    [Theory]
    [InlineData("", "node_file: node file is empty; write the file anew with 'appliance image node-file'.")]
    [InlineData("{", "node_file: node file is no JSON at byte 1; write the file anew with 'appliance image node-file'.")]
    public void File_that_is_none_is_refused(string json, string fault)
    {
        var error = Assert.Throws<InvalidInputException>(() => NodeFileContent.Parse(Encoding.UTF8.GetBytes(json), "node_file"));

        Assert.Equal(fault, error.Message);
    }

    [Fact]
    public void File_that_was_changed_since_it_was_signed_is_refused()
    {
        var changed = Encoding.UTF8.GetString(_files.Bytes("router")).Replace("\"name\":\"router\"", "\"name\":\"route2\"", StringComparison.Ordinal);

        var error = Assert.Throws<InvalidInputException>(() => NodeFileContent.Parse(Encoding.UTF8.GetBytes(changed), "node_file"));

        Assert.StartsWith("node_file: signature does not fit", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_prints_as_the_node_that_it_makes()
    {
        Assert.Equal("router node1", $"{_files.Content("node1")}");
    }

    public void Dispose() => _files.Dispose();

    private async Task<byte[]> ReadAsync(Stream raw, int step, long slowUntil)
    {
        await using var overlay = await NodeFileOverlay.OpenAsync(raw, _files.Content("router"), Token);
        using var read = new MemoryStream();
        var buffer = new byte[1 << 20];
        while (await overlay.ReadAsync(buffer.AsMemory(0, overlay.Position < slowUntil ? Math.Min(step, buffer.Length) : buffer.Length), Token) is > 0 and var count)
        {
            read.Write(buffer, 0, count);
        }

        return read.ToArray();
    }

    private static byte[] Restored(byte[] after, byte[] before, ByteRange place)
    {
        before.AsSpan((int)place.Start, (int)place.Length).CopyTo(after.AsSpan((int)place.Start));
        return after;
    }
}
