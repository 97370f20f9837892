using System.Security.Cryptography;
using Appliance.Bmc.Images;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Tests.Images;

public sealed class ImageLibraryTests : IDisposable
{
    private readonly LibraryRig _rig = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("cat", "", "disk.img", (int)ImageFormat.Raw)]
    [InlineData("zstd", "-q -3 -c", "disk.img.zst", (int)ImageFormat.Zstd)]
    [InlineData("zstd", "-q -19 --long=27 -c", "disk.img.zst", (int)ImageFormat.Zstd)]
    [InlineData("xz", "-c -1", "disk.img.xz", (int)ImageFormat.Xz)]
    [InlineData("xz", "-c -9 --check=sha256", "disk.img.xz", (int)ImageFormat.Xz)]
    [InlineData("xz", "-c -1 --block-size=200000", "disk.img.xz", (int)ImageFormat.Xz)]
    public async Task What_a_tool_packed_is_read_back_as_it_was(string tool, string arguments, string name, int format)
    {
        var disk = Packed.Disk(1_500_000);
        var file = await Packed.WithAsync(tool, arguments, disk);
        var library = _rig.Open();

        var image = await _rig.AddAsync(library, file, LibraryRig.Header(name));
        await library.CheckAsync(image, Token);
        var raw = await LibraryRig.ReadAsync(library.OpenRaw(image));

        Assert.Equal(((ImageFormat)format, (long)file.Length, (long)disk.Length), (image.Format, image.StoredBytes, image.Bytes));
        Assert.Equal((Hex(file), Hex(disk)), (image.Sha256, image.RawSha256));
        Assert.Equal(Hex(disk), Hex(raw));
    }

    [Theory]
    [InlineData("zstd", "-q -c")]
    [InlineData("xz", "-c")]
    public async Task Packed_file_that_lacks_its_end_is_refused_and_nothing_is_kept(string tool, string arguments)
    {
        var file = (await Packed.WithAsync(tool, arguments, Packed.Noise(400_000)))[..300_000];
        var library = _rig.Open();

        var error = await Assert.ThrowsAsync<InvalidInputException>(() => _rig.AddAsync(library, file));

        Assert.Contains("cannot be decompressed", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_rig.Folder));
    }

    [Fact]
    public async Task Two_xz_files_in_a_row_are_refused_and_not_cut_in_half()
    {
        var file = await Packed.WithAsync("xz", "-c", Packed.Noise(1000));
        var library = _rig.Open();

        var error = await Assert.ThrowsAsync<InvalidInputException>(() => _rig.AddAsync(library, [.. file, .. file]));

        Assert.Contains("cannot be decompressed", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip", "-c", "compressed by gzip")]
    [InlineData("bzip2", "-c", "compressed by bzip2")]
    [InlineData("xz", "-c --lzma2=dict=512MiB", "asks for 512 MiB of memory")]
    [InlineData("xz", "-c --x86 --lzma2", "another filter than LZMA2")]
    public async Task File_that_cannot_be_unpacked_here_is_refused_by_its_first_chunk(string tool, string arguments, string words)
    {
        var file = await Packed.WithAsync(tool, arguments, Packed.Noise(1000));
        var library = _rig.Open();
        await using var upload = library.Begin(LibraryRig.Header(), _rig.Clock);

        var error = await Assert.ThrowsAsync<InvalidInputException>(() => upload.AppendAsync(file, Token));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_whose_name_promises_another_format_is_refused()
    {
        var library = _rig.Open();
        await using var upload = library.Begin(LibraryRig.Header("disk.img.zst"), _rig.Clock);

        var error = await Assert.ThrowsAsync<InvalidInputException>(() => upload.AppendAsync(new byte[100], Token));

        Assert.Contains("does not begin as its name says", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_digest_leaves_nothing_behind()
    {
        var library = _rig.Open();
        InvalidInputException error;
        await using (var upload = library.Begin(LibraryRig.Header(), _rig.Clock))
        {
            await LibraryRig.AppendAsync(upload, Packed.Noise(200_000));
            error = await Assert.ThrowsAsync<InvalidInputException>(() => upload.FinishAsync(new byte[32], Token));
        }

        Assert.Contains("nothing was kept", error.Message, StringComparison.Ordinal);
        Assert.Empty(library.List());
        Assert.Empty(Directory.EnumerateFiles(_rig.Folder));
    }

    [Fact]
    public async Task Upload_that_ends_without_a_digest_leaves_nothing_behind_and_the_next_may_begin()
    {
        var library = _rig.Open();
        await using (var upload = library.Begin(LibraryRig.Header(), _rig.Clock))
        {
            await LibraryRig.AppendAsync(upload, Packed.Noise(200_000));
            Assert.Equal("UPLOAD_IN_PROGRESS", Assert.Throws<BusyException>(() => library.Begin(LibraryRig.Header(), _rig.Clock)).Reason);
        }

        var image = await _rig.AddAsync(library, Packed.Noise(10));

        Assert.Equal([image], library.List());
    }

    [Fact]
    public async Task Images_outlive_a_restart_and_what_a_kill_left_of_others_does_not()
    {
        var library = _rig.Open();
        var first = await _rig.AddAsync(library, Packed.Noise(1000));
        _rig.Clock.Advance(TimeSpan.FromSeconds(1));
        var second = await _rig.AddAsync(library, Packed.Noise(1000));
        await File.WriteAllBytesAsync(Path.Combine(_rig.Folder, "0123.upload"), new byte[5], Token);
        await File.WriteAllBytesAsync(Path.Combine(_rig.Folder, "4567.image"), new byte[5], Token);

        var opened = _rig.Open();

        Assert.Equal([second, first], opened.List());
        Assert.Equal(4, Directory.EnumerateFiles(_rig.Folder).Count());
    }

    [Fact]
    public async Task Image_whose_file_was_shortened_is_left_out_after_a_restart()
    {
        var image = await _rig.AddAsync(_rig.Open(), Packed.Noise(1000));
        await File.WriteAllBytesAsync(Path.Combine(_rig.Folder, image.Id + ".image"), new byte[999], Token);

        var opened = _rig.Open();

        Assert.Empty(opened.List());
    }

    [Fact]
    public async Task Image_whose_bytes_changed_on_disk_is_told_before_it_is_used_and_mended_by_another_upload()
    {
        var bytes = Packed.Noise(1000);
        var library = _rig.Open();
        var image = await _rig.AddAsync(library, bytes);
        await File.WriteAllBytesAsync(Path.Combine(_rig.Folder, image.Id + ".image"), new byte[1000], Token);

        var error = await Assert.ThrowsAsync<BusyException>(() => library.CheckAsync(image, Token));
        await _rig.AddAsync(library, bytes);
        await library.CheckAsync(image, Token);

        Assert.Equal("IMAGE_DAMAGED", error.Reason);
    }

    [Fact]
    public async Task Same_bytes_again_are_one_image_with_the_newer_header()
    {
        var bytes = Packed.Noise(1000);
        var library = _rig.Open();
        await _rig.AddAsync(library, bytes, LibraryRig.Header(version: ""));

        var again = await _rig.AddAsync(library, bytes, LibraryRig.Header(version: "2.0"));

        Assert.Equal("2.0", Assert.Single(library.List()).Version);
        Assert.Equal([again], _rig.Open().List());
    }

    [Fact]
    public async Task Image_beyond_the_bound_is_refused_until_one_is_deleted()
    {
        var library = _rig.Open(new ImageOptions { MaxImages = 1, ReservedBytes = 0 });
        var first = await _rig.AddAsync(library, Packed.Noise(1000));

        var error = await Assert.ThrowsAsync<LimitExceededException>(() => _rig.AddAsync(library, Packed.Noise(1000)));
        library.Delete(first.Id, _ => { });
        await _rig.AddAsync(library, Packed.Noise(1000));

        Assert.Equal("TOO_MANY_IMAGES", error.Reason);
    }

    [Fact]
    public void Image_that_would_fill_the_disk_is_refused_before_its_first_byte()
    {
        var library = _rig.Open();

        var error = Assert.Throws<LimitExceededException>(() => library.Begin(new ImageHeader("disk.img", "", "", 1UL << 60, 0), _rig.Clock));

        Assert.Equal("NO_SPACE", error.Reason);
        library.CheckSpace(1);
        Assert.Empty(Directory.EnumerateFiles(_rig.Folder));
    }

    [Theory]
    [InlineData("", "1", "", "header.file_name")]
    [InlineData("../x", "1", "", "header.file_name")]
    [InlineData("disk.img", "1 2", "", "header.version")]
    [InlineData("disk.img", "1", "CM4!", "header.module")]
    public void Header_that_cannot_be_used_is_refused_by_field(string name, string version, string module, string field)
    {
        var library = _rig.Open();

        var error = Assert.Throws<InvalidInputException>(() => library.Begin(new ImageHeader(name, version, module, 0, 0), _rig.Clock));

        Assert.Equal([field], error.Faults.Select(fault => fault.Field));
    }

    public void Dispose() => _rig.Dispose();

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
