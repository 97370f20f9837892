using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Appliance.Bmc.Simulation;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Simulation;

public sealed class TransferTests
{
    private const int Slot1 = 0;
    private const int JetsonSlot = 2;

    private static readonly byte[] Image = RandomNumberGenerator.GetBytes(3_000_000);

    [Fact]
    public async Task Board_without_a_transfer_is_ready()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();

        var (_, body) = await board.GetAsync("opt=get&type=firmware");

        Assert.Equal("\"Ready\"", body);
    }

    [Fact]
    public async Task Flash_ends_done_and_leaves_the_slot_off()
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { StoredPower = 0b0011 });
        await board.LogInAsync();
        var handle = await board.BeginAsync(Begin(Slot1));

        using var upload = await board.UploadAsync(handle, Image);
        var end = await board.WaitForTransferAsync(IsOver);

        Assert.Equal((HttpStatusCode.OK, 0L), (upload.StatusCode, upload.Content.Headers.ContentLength));
        Assert.Matches("""^\{"Done":\[\{"secs":\d+,"nanos":\d+\},3000000\]\}$""", end);
        Assert.Equal(0b0010, board.Board.PoweredSlots);
        Assert.Contains("\"node1\":\"0\"", (await board.GetAsync("opt=get&type=power")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_pass_counts_from_zero_again()
    {
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock, options => options with { Pace = 1 });
        await board.LogInAsync();
        var begin = board.BeginAsync(Begin(Slot1));
        var upload = board.UploadAsync(await begin, Image);
        await Clocks.AdvanceUntilAsync(clock, TimeSpan.FromMilliseconds(100), () => upload.IsCompleted);

        // All 3 MB are written; the read-back moves with the clock alone.
        var verifying = await board.WaitForTransferAsync(body => Written(body) < Image.Length);
        await Clocks.AdvanceUntilAsync(clock, TimeSpan.FromMilliseconds(20), () => board.Board.PoweredSlots == 0);
        var end = await board.WaitForTransferAsync(IsOver);

        Assert.Equal("Node 1 os install service", Field(verifying, "process_name").GetString());
        Assert.Equal(Image.Length, Field(verifying, "size").GetInt64());
        Assert.False(Field(verifying, "cancelled").GetBoolean());
        Assert.StartsWith("{\"Done\"", end, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("&skip_crc")]
    [InlineData("&skip_crc=false")]
    public async Task Presence_of_skip_crc_skips_the_verify_pass(string key)
    {
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock, options => options with { Pace = 1 });
        await board.LogInAsync();
        var upload = board.UploadAsync(await board.BeginAsync(Begin(Slot1) + key), Image);

        await Clocks.AdvanceUntilAsync(clock, TimeSpan.FromMilliseconds(100), () => upload.IsCompleted);
        await Clocks.AdvanceUntilAsync(clock, TimeSpan.FromMilliseconds(1), () => board.Board.PoweredSlots == 0);
        var started = clock.GetUtcNow();
        var end = await board.WaitForTransferAsync(IsOver);

        Assert.StartsWith("{\"Done\"", end, StringComparison.Ordinal);
        Assert.Equal(started, clock.GetUtcNow());
    }

    [Fact]
    public async Task Wrong_digest_fails_after_all_was_written_and_leaves_the_slot_off()
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { StoredPower = 0b0001 });
        await board.LogInAsync();
        var wrong = new string('0', 64);
        var handle = await board.BeginAsync($"opt=set&type=flash&node=0&file=x.img&length={Image.Length}&sha256={wrong}");

        using var upload = await board.UploadAsync(handle, Image);
        var end = await board.WaitForTransferAsync(IsOver);

        Assert.Equal($$"""{"Error":"sha256 checksum failed. Expected: {{wrong}}, got: {{Convert.ToHexStringLower(SHA256.HashData(Image))}}"}""", end);
        Assert.Equal(0, board.Board.PoweredSlots);
    }

    [Theory]
    [InlineData(JetsonSlot)]
    [InlineData(3)]
    public async Task Slot_without_a_disk_fails_and_stays_on_in_flash_mode(int node)
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();
        await board.BeginAsync(Begin(node));

        var end = await board.WaitForTransferAsync(IsOver);

        Assert.Equal("""{"Error":"Compute module's USB interface not found or supported"}""", end);
        Assert.Equal(1 << node, board.Board.PoweredSlots);
        Assert.True(board.Board.Hardware.UsbPins is { ToBmc: true, Role: UsbRole.Flash });
    }

    [Fact]
    public async Task Too_few_bytes_cancel_the_transfer()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();
        var handle = await board.BeginAsync(Begin(Slot1));

        using var upload = await board.UploadAsync(handle, Image[..^1500]);
        var end = await board.WaitForTransferAsync(IsOver);

        Assert.Equal(HttpStatusCode.BadRequest, upload.StatusCode);
        Assert.Equal("""{"response":[{"result":"missing 1.5 kB bytes"}]}""", await upload.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("""{"Error":"cancelled by user"}""", end);
    }

    [Fact]
    public async Task Client_that_leaves_before_the_first_byte_of_its_file_cancels_the_transfer()
    {
        var options = new SimulatorOptions { Profile = BoardProfiles.Find("2.3.7")!, Password = "x", Pace = 0 };
        var hardware = new BoardHardware(options, TimeProvider.System);
        var worker = new TransferWorker(hardware, new FlashMode(hardware), options, TimeProvider.System, _ => { });
        var desk = new TransferDesk(worker, TimeProvider.System, TestContext.Current.CancellationToken);
        var calls = new TransferCalls(desk, options);
        calls.Begin(new BoardQuery("?" + Begin(Slot1)));
        using var left = new CancellationTokenSource();
        var context = new DefaultHttpContext { Request = { ContentType = "multipart/form-data; boundary=x", Body = new Pipe().Reader.AsStream() } };
        var handle = desk.Status()["Transferring"]!["id"]!.GetValue<uint>();

        var upload = calls.UploadAsync(context.Request, handle, left.Token);
        await left.CancelAsync();
        await upload;

        Assert.Equal("""{"Error":"cancelled by user"}""", desk.Status().ToJsonString());
    }

    [Fact]
    public async Task Upload_that_does_not_begin_within_ten_seconds_is_given_up()
    {
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock);
        await board.LogInAsync();
        var handle = await board.BeginAsync(Begin(Slot1));

        clock.Advance(TimeSpan.FromSeconds(10));
        var end = await board.WaitForTransferAsync(IsOver);
        using var late = await board.UploadAsync(handle, Image);

        Assert.Equal("""{"Error":"Send timeout"}""", end);
        Assert.Equal(
            """{"response":[{"result":"cannot execute command in current state. current=Error, expected=Transferring"}]}""",
            await late.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Cancel_needs_no_right_handle_and_answers_nothing()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();
        await board.BeginAsync(Begin(Slot1));

        using var reply = await board.Raw.GetAsync("/api/bmc/upload/1/cancel", TestContext.Current.CancellationToken);
        var (_, end) = await board.GetAsync("opt=get&type=flash");

        Assert.Equal("", await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("""{"Error":"cancelled by user"}""", end);
    }

    [Fact]
    public async Task Second_begin_silently_ends_the_first()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();
        var first = await board.BeginAsync(Begin(Slot1));
        var second = await board.BeginAsync(Begin(1));

        using var refused = await board.UploadAsync(first, Image);
        using var taken = await board.UploadAsync(second, Image);
        var end = await board.WaitForTransferAsync(IsOver);

        Assert.Equal(
            $$"""{"response":[{"result":"unauthorized request for handle {{first}}"}]}""",
            await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.StartsWith("{\"Done\"", end, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_that_is_no_form_is_400()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();
        var handle = await board.BeginAsync(Begin(Slot1));

        using var reply = await board.Raw.PostAsync($"/api/bmc/upload/{handle}", TestBoard.Json("{}"), TestContext.Current.CancellationToken);

        Assert.Equal(
            """{"response":[{"result":"Multipart form invalid"}]}""",
            await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Firmware_is_taken_without_a_slot()
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { StoredPower = 0b0001 });
        await board.LogInAsync();
        var handle = await board.BeginAsync($"opt=set&type=firmware&file=tp2.tpu&length={Image.Length}");

        using var upload = await board.UploadAsync(handle, Image);
        var end = await board.WaitForTransferAsync(IsOver);

        Assert.StartsWith("{\"Done\"", end, StringComparison.Ordinal);
        Assert.Equal(0b0001, board.Board.PoweredSlots);
    }

    [Fact]
    public async Task Other_calls_wait_until_an_upload_is_through()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();
        var handle = await board.BeginAsync(Begin(Slot1));
        var pipe = new Pipe();
        using var form = new MultipartFormDataContent { { new StreamContent(pipe.Reader.AsStream()), "file", "x.img" } };
        var upload = board.Raw.PostAsync($"/api/bmc/upload/{handle}", form, TestContext.Current.CancellationToken);
        await pipe.Writer.WriteAsync(Image.AsMemory(0, 1_000_000), TestContext.Current.CancellationToken);
        await Clocks.UntilAsync(() => board.Board.Daemon.Requests == 3);
        using var second = board.NewRaw();
        second.DefaultRequestHeaders.Authorization = board.Raw.DefaultRequestHeaders.Authorization;

        var status = second.GetStringAsync("/api/bmc?opt=get&type=flash", TestContext.Current.CancellationToken);
        await Clocks.UntilAsync(() => board.Board.Daemon.Requests == 4);
        var waited = !status.IsCompleted;
        await pipe.Writer.WriteAsync(Image.AsMemory(1_000_000), TestContext.Current.CancellationToken);
        await pipe.Writer.CompleteAsync();
        (await upload).Dispose();

        Assert.True(waited);
        Assert.NotEqual(1_000_000, Written(await status));
    }

    [Fact]
    public async Task Missing_local_file_is_told_at_once()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();

        var answer = await board.GetAsync("opt=set&type=flash&node=0&local&file=/mnt/sdcard/x.img");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
    }

    private static string Begin(int node) =>
        $"opt=set&type=flash&node={node}&file=x.img&length={Image.Length}&sha256={Convert.ToHexStringLower(SHA256.HashData(Image))}";

    private static bool IsOver(string body) => body.StartsWith("{\"Done\"", StringComparison.Ordinal) || body.StartsWith("{\"Error\"", StringComparison.Ordinal);

    private static long Written(string body) => body.StartsWith("{\"Transferring\"", StringComparison.Ordinal) ? Field(body, "bytes_written").GetInt64() : long.MaxValue;

    private static JsonElement Field(string body, string name)
    {
        using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(body));
        return document.RootElement.GetProperty("Transferring").GetProperty(name).Clone();
    }
}
