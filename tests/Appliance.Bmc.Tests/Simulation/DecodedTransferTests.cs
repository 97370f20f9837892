using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Appliance.Bmc.Simulation;
using Appliance.Bmc.Tests.Images;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Simulation;

/// <summary>Files whose name ends in ".xz", which newer daemons decode on their way to the module.</summary>
public sealed class DecodedTransferTests
{
    private const string Damaged = """{"Error":"lzma data error"}""";

    [Theory]
    [InlineData("2.3.7", "x.img.xz", true)]
    [InlineData("2.3.4", "x.img.xz", true)]
    [InlineData("2.0.5", "x.img.xz", false)]
    [InlineData("2.3.7", "x.img", false)]
    [InlineData("2.3.7", "x.xz.img", false)]
    public async Task Name_decides_whether_a_file_is_decoded(string profile, string file, bool isDecoded)
    {
        await using var board = await StartAsync(profile);

        var end = await FlashAsync(board, file, PackedImage.Xz);

        var content = board.Board.Content(1)!;
        var (length, sha256) = isDecoded
            ? (PackedImage.Length, PackedImage.RawSha256)
            : (PackedImage.Xz.Length, Convert.ToHexStringLower(SHA256.HashData(PackedImage.Xz)));
        Assert.EndsWith($",{PackedImage.Xz.Length}]}}", end, StringComparison.Ordinal);
        Assert.Equal((length, sha256, true), (content.Length, content.Sha256, content.IsWhole));
    }

    [Theory]
    [InlineData("2.3.7")]
    [InlineData("2.3.4")]
    public async Task Bytes_written_count_what_is_decoded_and_pass_the_size_of_the_file(string profile)
    {
        // The clock stands, so the first block takes for ever.
        await using var board = await StartAsync(profile, new FakeTimeProvider());
        board.Board.Faults.FlashBytesPerSecond = 1;
        await UploadAsync(board, "x.img.xz", PackedImage.Xz, SHA256.HashData(PackedImage.Xz));

        var running = await board.WaitForTransferAsync(body => Field(body, "bytes_written") > 0);

        Assert.Equal(PackedImage.Xz.Length, Field(running, "size"));
        Assert.InRange(Field(running, "bytes_written"), PackedImage.Xz.Length + 1, PackedImage.Length);
    }

    [Theory]
    [InlineData("2.3.7")]
    [InlineData("2.3.4")]
    public async Task Digest_is_over_the_file_as_sent_and_not_over_what_is_in_it(string profile)
    {
        await using var board = await StartAsync(profile);

        await UploadAsync(board, "x.img.xz", PackedImage.Xz, Convert.FromHexString(PackedImage.RawSha256));
        var end = await board.WaitForTransferAsync(IsOver);

        Assert.Equal(
            $$"""{"Error":"sha256 checksum failed. Expected: {{PackedImage.RawSha256}}, got: {{Convert.ToHexStringLower(SHA256.HashData(PackedImage.Xz))}}"}""",
            end);
        Assert.Equal(PackedImage.Length, board.Board.Content(1)?.Length);
    }

    [Theory]
    [InlineData("2.3.7")]
    [InlineData("2.3.4")]
    public async Task File_that_is_cut_off_is_damaged_and_leaves_the_slot_off(string profile)
    {
        await using var board = await StartAsync(profile);

        var end = await FlashAsync(board, "x.img.xz", PackedImage.Xz[..^40]);

        Assert.Equal(Damaged, end);
        Assert.Equal(0, board.Board.PoweredSlots);
        Assert.NotEqual(true, board.Board.Content(1)?.IsWhole);
    }

    [Theory]
    [InlineData("2.3.7")]
    [InlineData("2.3.4")]
    public async Task File_that_is_no_xz_is_damaged(string profile)
    {
        await using var board = await StartAsync(profile);

        var end = await FlashAsync(board, "x.img.xz", Encoding.ASCII.GetBytes(new string('x', 5000)));

        Assert.Equal(Damaged, end);
        Assert.Null(board.Board.Content(1));
    }

    [Fact]
    public async Task Header_block_and_footer_with_another_byte_are_damage()
    {
        await using var board = await StartAsync("2.3.7");

        foreach (var at in new[] { 0, 7, 13, 24, PackedImage.Xz.Length - 6, PackedImage.Xz.Length - 1 })
        {
            var file = PackedImage.Xz;
            file[at] ^= 0x55;
            Assert.Equal((at, Damaged), (at, await FlashAsync(board, "x.img.xz", file)));
        }
    }

    [Fact]
    public async Task Large_file_of_several_blocks_arrives_whole()
    {
        await using var board = await StartAsync("2.3.7");
        var image = Packed.Disk(6_000_000);
        var file = await Packed.WithAsync("xz", "-c -1 --block-size=1000000", image);

        var end = await FlashAsync(board, "x.img.xz", file);

        Assert.StartsWith("{\"Done\"", end, StringComparison.Ordinal);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(image)), board.Board.Content(1)?.Sha256);
    }

    [Fact]
    public async Task Upload_of_a_damaged_file_is_answered_with_the_error_while_it_is_under_way()
    {
        await using var board = await StartAsync("2.3.7");
        var handle = await board.BeginAsync("opt=set&type=flash&node=0&file=x.img.xz&length=5000000");

        using var upload = await board.UploadAsync(handle, new byte[5_000_000]);

        Assert.Equal(
            (HttpStatusCode.InternalServerError, """{"response":[{"result":"lzma data error"}]}"""),
            (upload.StatusCode, await upload.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    private static async Task<TestBoard> StartAsync(string profile, TimeProvider? clock = null)
    {
        var board = await TestBoard.StartAsync(clock, options => options with { Profile = BoardProfiles.Find(profile)! });
        await board.LogInAsync();
        return board;
    }

    private static async Task<string> FlashAsync(TestBoard board, string file, byte[] bytes)
    {
        await UploadAsync(board, file, bytes, SHA256.HashData(bytes));
        return await board.WaitForTransferAsync(IsOver);
    }

    private static async Task UploadAsync(TestBoard board, string file, byte[] bytes, byte[] digest)
    {
        var handle = await board.BeginAsync(
            $"opt=set&type=flash&node=0&file={file}&length={bytes.Length}&sha256={Convert.ToHexStringLower(digest)}");
        (await board.UploadAsync(handle, bytes)).Dispose();
    }

    private static bool IsOver(string body) => body.StartsWith("{\"Done\"", StringComparison.Ordinal) || body.StartsWith("{\"Error\"", StringComparison.Ordinal);

    private static long Field(string body, string name)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("Transferring").GetProperty(name).GetInt64();
    }
}
