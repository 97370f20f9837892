using System.Net;
using Appliance.Bmc.Simulation;

namespace Appliance.Bmc.Tests.Simulation;

/// <summary>Flashing from the board's own microSD card, by the key `local`.</summary>
public sealed class CardTransferTests : IDisposable
{
    private const string Begin = "opt=set&type=flash&node=0&local&file=/mnt/sdcard/";

    private readonly string _folder = Directory.CreateTempSubdirectory("apt-card-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("2.3.7")]
    [InlineData("2.3.4")]
    [InlineData("2.0.5")]
    public async Task File_on_the_card_is_flashed_without_an_upload_whatever_digest_is_told(string profile)
    {
        await using var board = await StartAsync(profile);

        await board.BeginAsync($"{Begin}x.img&sha256={new string('0', 64)}");
        var end = await board.WaitForTransferAsync(IsOver);

        Assert.EndsWith($",{PackedImage.Length}]}}", end, StringComparison.Ordinal);
        Assert.Equal((PackedImage.RawSha256, true), (board.Board.Content(1)?.Sha256, board.Board.Content(1)?.IsWhole));
        Assert.Equal(0, board.Board.PoweredSlots);
    }

    [Theory]
    [InlineData("2.3.7", PackedImage.Length)]
    [InlineData("2.3.4", PackedImage.Length)]
    [InlineData("2.0.5", 0)]
    public async Task Packed_file_on_the_card_is_decoded_by_newer_daemons(string profile, int decoded)
    {
        await using var board = await StartAsync(profile);

        await board.BeginAsync(Begin + "x.img.xz");
        var end = await board.WaitForTransferAsync(IsOver);

        Assert.EndsWith($",{PackedImage.Xz.Length}]}}", end, StringComparison.Ordinal);
        Assert.Equal(decoded == 0 ? PackedImage.Xz.Length : decoded, board.Board.Content(1)?.Length);
    }

    [Theory]
    [InlineData("2.3.7")]
    [InlineData("2.3.4")]
    [InlineData("2.0.5")]
    public async Task What_came_from_the_card_is_read_back_too(string profile)
    {
        await using var board = await StartAsync(profile);
        board.Board.Faults.VerifyFailures = 1;

        await board.BeginAsync(Begin + "x.img");
        var end = await board.WaitForTransferAsync(IsOver);

        Assert.StartsWith("{\"Error\":\"crc error", end, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2.3.7", "y.img")]
    [InlineData("2.3.4", "gone.img")]
    [InlineData("2.0.5", "../x.img")]
    public async Task File_that_is_not_on_the_card_is_told_at_once(string profile, string file)
    {
        await using var board = await StartAsync(profile);

        var answer = await board.GetAsync(Begin + file);
        var status = await board.GetAsync("opt=get&type=flash");

        Assert.Equal((HttpStatusCode.InternalServerError, """{"response":[{"result":"No such file or directory (os error 2)"}]}"""), answer);
        Assert.Equal("\"Ready\"", status.Body);
    }

    [Theory]
    [InlineData("2.3.7")]
    [InlineData("2.3.4")]
    [InlineData("2.0.5")]
    public async Task Transfer_from_the_card_takes_no_upload(string profile)
    {
        await using var board = await StartAsync(profile);
        board.Board.Faults.FlashBytesPerSecond = 1000;
        var handle = await board.BeginAsync(Begin + "x.img");

        using var upload = await board.UploadAsync(handle, PackedImage.Raw);

        Assert.Equal(
            """{"response":[{"result":"cannot transfer bytes to worker. This is either because the transfer happens locally, or is already ongoing."}]}""",
            await upload.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private async Task<TestBoard> StartAsync(string profile)
    {
        var raw = Path.Combine(_folder, "raw");
        var packed = Path.Combine(_folder, "packed");
        await File.WriteAllBytesAsync(raw, PackedImage.Raw, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(packed, PackedImage.Xz, TestContext.Current.CancellationToken);
        var board = await TestBoard.StartAsync(with: options => options with
        {
            Profile = BoardProfiles.Find(profile)!,
            SdCardFiles = new Dictionary<string, string>
            {
                ["/mnt/sdcard/x.img"] = raw,
                ["/mnt/sdcard/x.img.xz"] = packed,
                ["/mnt/sdcard/gone.img"] = Path.Combine(_folder, "gone"),
            },
        });
        await board.LogInAsync();
        return board;
    }

    private static bool IsOver(string body) => body.StartsWith("{\"Done\"", StringComparison.Ordinal) || body.StartsWith("{\"Error\"", StringComparison.Ordinal);
}
