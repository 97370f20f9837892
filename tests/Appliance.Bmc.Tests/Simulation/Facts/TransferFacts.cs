using System.Net;
using System.Security.Cryptography;
using Appliance.Bmc.Simulation;

namespace Appliance.Bmc.Tests.Simulation.Facts;

/// <summary>Flash and firmware, from their begin to what they leave behind.</summary>
internal static class TransferFacts
{
    private const string Topic = "flash";
    private const string Old = "2.0.5";
    private const string Flash5 = "opt=set&type=flash&node=0&file=x.img&length=5";
    private const string NoDevice = """{"Error":"Compute module's USB interface not found or supported"}""";
    private const string Cancelled = """{"Error":"cancelled by user"}""";

    private static readonly byte[] Five = "image"u8.ToArray();

    public static IEnumerable<Fact> All() => [.. Begins(), .. Uploads(), .. Ends()];

    private static IEnumerable<Fact> Begins() =>
    [
        Fact.Refused(Topic, Fact.Secure, "GET ?opt=set&type=flash&file=x&length=1", 400, "Missing `node` parameter"),
        Fact.Refused(Topic, Fact.Secure, "GET ?opt=set&type=flash&node=0", 400, "Invalid `file` query parameter"),
        Fact.Refused(Topic, Fact.Secure, "GET ?opt=set&type=flash&node=0&file=x", 411, "Invalid `length` query parameter"),
        Fact.Refused(Topic, Fact.Secure, "GET ?opt=set&type=flash&node=0&file=x&length=y", 400, "`length` parameter is not a number"),
        Fact.Refused(Topic, Fact.Newer, "GET ?opt=set&type=flash&node=0&file=x&length=1&sha256=zz", 400, "`sha256` parameter contains invalid hex values: Invalid character found"),
        Fact.Refused(Topic, Fact.Newer, "GET ?opt=set&type=flash&node=0&file=x&length=1&sha256=abc", 400, "`sha256` parameter contains invalid hex values: Odd number of digits"),
        Fact.Answer(Topic, Old, "GET ?opt=set&type=flash&node=0&file=x&length=1&sha256=zz", 200, "text/plain", "~^{\"handle\":[0-9]+}$"),
        Fact.Answer(Topic, Fact.Secure, "GET ?" + Flash5, 200, "text/plain", "~^{\"handle\":[0-9]+}$"),
        Fact.Answer(Topic, Fact.Secure, "GET ?opt=set&type=flash&node=0&file=/mnt/sdcard/x.img&local", 500, "application/json", "~No such file"),
        Fact.Answer(Topic, Fact.Newer, "GET ?opt=set&type=flash&node=0&file=http://192.0.2.1/x.img", 500, "application/json", "~http://192.0.2.1/x.img"),
        Fact.Refused(Topic, Old, "GET ?opt=set&type=flash&node=0&file=http://192.0.2.1/x.img", 411, "Invalid `length` query parameter"),
        Fact.Answer(Topic, Fact.Secure, "GET ?opt=get&type=firmware", 200, "text/plain", "\"Ready\""),
        Fact.Answer(Topic, Fact.Newer, $"GET ?{Flash5} ; GET ?opt=get&type=flash", 200, "text/plain", Transferring("Node 1 os install service")),
        Fact.Answer(Topic, Old, $"GET ?{Flash5} ; GET ?opt=get&type=flash", 200, "text/plain", Transferring("Node 1 upgrade service")),
        Fact.Answer(Topic, Fact.Newer, "GET ?opt=set&type=firmware&file=x.tpu&length=5 ; GET ?opt=get&type=flash", 200, "text/plain", Transferring("firmware upgrade service")),
        Fact.Answer(Topic, Old, "GET ?opt=set&type=firmware&file=x.tpu&length=5 ; GET ?opt=get&type=flash", 200, "text/plain", Transferring("os upgrade service")),
        new(Topic, Fact.Secure, "a begin cancels what ran, and its handle is worth nothing", async (board, _) =>
        {
            var first = await board.BeginAsync(Flash5);
            var second = await board.BeginAsync(Flash5);
            await RefusesAsync(board, first, $"unauthorized request for handle {first}");
            Assert.Equal(HttpStatusCode.OK, (await UploadAsync(board, second, Five)).Status);
        }),
    ];

    private static IEnumerable<Fact> Uploads() =>
    [
        new(Topic, Fact.Secure, "an upload with nothing begun is refused", (board, _) =>
            RefusesAsync(board, 7, "cannot execute command in current state. current=Ready, expected=Transferring")),
        new(Topic, Fact.Secure, "an upload that begins after ten seconds is too late", async (board, clock) =>
        {
            var handle = await board.BeginAsync(Flash5);
            clock.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal("""{"Error":"Send timeout"}""", await EndAsync(board));
            await RefusesAsync(board, handle, "cannot execute command in current state. current=Error, expected=Transferring");
        }),
        new(Topic, Fact.Secure, "an upload is taken once", async (board, _) =>
        {
            var handle = await board.BeginAsync(Flash5);
            using var noForm = await Fact.SendAsync(board, $"POST /api/bmc/upload/{handle} x");
            Assert.Equal("""{"response":[{"result":"Multipart form invalid"}]}""", await Fact.ReadAsync(noForm));
            await RefusesAsync(board, handle, "cannot transfer bytes to worker. This is either because the transfer happens locally, or is already ongoing.");
        }),
        new(Topic, Fact.Secure, "the whole file is answered with 200 and nothing", async (board, _) =>
            Assert.Equal((HttpStatusCode.OK, ""), await UploadAsync(board, await board.BeginAsync(Flash5), Five))),
        new(Topic, Fact.Newer, "a short file is refused and cancels", async (board, _) =>
        {
            var handle = await board.BeginAsync("opt=set&type=flash&node=0&file=x.img&length=5000");
            Assert.Equal((HttpStatusCode.BadRequest, """{"response":[{"result":"missing 1.5 kB bytes"}]}"""), await UploadAsync(board, handle, new byte[3500]));
            Assert.Equal(Cancelled, await EndAsync(board));
        }),
        new(Topic, Old, "a short file is taken, and fails afterwards", async (board, _) =>
        {
            var handle = await board.BeginAsync("opt=set&type=flash&node=0&file=x.img&length=5000");
            Assert.Equal((HttpStatusCode.OK, ""), await UploadAsync(board, handle, new byte[3500]));
            Assert.Equal("""{"Error":"missing 1.5 kB bytes"}""", await EndAsync(board));
        }),
        new(Topic, Fact.Newer, "a long file is refused with nonsense", async (board, _) =>
        {
            var answer = await UploadAsync(board, await board.BeginAsync(Flash5), new byte[10]);
            Assert.Equal((HttpStatusCode.BadRequest, """{"response":[{"result":"missing 18.45 EB bytes"}]}"""), answer);
        }),
        new(Topic, Old, "of a long file so much is taken as was announced", async (board, _) =>
        {
            Assert.Equal(HttpStatusCode.OK, (await UploadAsync(board, await board.BeginAsync(Flash5), new byte[10])).Status);
            Assert.Matches("^{\"Done\".*,5\\]}$", await EndAsync(board));
            Assert.Equal(5, board.Board.Content(1)?.Length);
        }),
    ];

    private static IEnumerable<Fact> Ends() =>
    [
        new(Topic, Fact.Secure, "Done has a time and the size, stays until the next begin, and leaves the slot off with the USB as it was", async (board, _) =>
        {
            await board.GetAsync("opt=set&type=power&node1=1");
            await UploadAsync(board, await board.BeginAsync(Flash5), Five);
            var end = await EndAsync(board);
            Assert.Matches("""^\{"Done":\[\{"secs":\d+,"nanos":\d+\},5\]\}$""", end);
            Assert.Equal(end, (await board.GetAsync("opt=get&type=firmware")).Body);
            Assert.Equal(0, board.Board.PoweredSlots);
            Assert.Equal(board.Board.Hardware.Stored().Usb, board.Board.Hardware.UsbPins);
        }),
        new(Topic, Fact.Newer, "a wrong digest fails when all is written", async (board, _) =>
        {
            var wrong = new string('0', 64);
            await UploadAsync(board, await board.BeginAsync($"{Flash5}&sha256={wrong}"), Five);
            Assert.Equal($$"""{"Error":"sha256 checksum failed. Expected: {{wrong}}, got: {{Convert.ToHexStringLower(SHA256.HashData(Five))}}"}""", await EndAsync(board));
            Assert.Equal(5, board.Board.Content(1)?.Length);
            Assert.Equal(0, board.Board.PoweredSlots);
        }),
        new(Topic, Old, "a wrong digest is not looked at", (board, _) => EndsAsync(board, $"{Flash5}&sha256={new string('0', 64)}", "^{\"Done\"")),
        new(Topic, Fact.Secure, "a read-back that differs is a crc error", (board, _) => FailsToVerifyAsync(board, Flash5, "^{\"Error\":\"crc error\\. expected [0-9]+, calculated [0-9]+\"}$")),
        new(Topic, Fact.Newer, "skip_crc skips the read-back, even when it is false", (board, _) => FailsToVerifyAsync(board, Flash5 + "&skip_crc=false", "^{\"Done\"")),
        new(Topic, Old, "skip_crc skips nothing", (board, _) => FailsToVerifyAsync(board, Flash5 + "&skip_crc", "^{\"Error\":\"crc error")),
        new(Topic, Fact.Newer, "a failed flash leaves its slot off", (board, _) => LeavesAsync(board, 0)),
        new(Topic, Old, "a failed flash leaves its slot on in flash mode", (board, _) => LeavesAsync(board, 1)),
        .. new[] { 2, 3 }.Select(node => new Fact(Topic, Fact.Secure, $"slot {node + 1} without a disk fails, stays on and in flash mode", async (board, _) =>
        {
            await board.BeginAsync($"opt=set&type=flash&node={node}&file=x.img&length=5");
            Assert.Equal(NoDevice, await EndAsync(board));
            Assert.Equal(1 << node, board.Board.PoweredSlots);
            Assert.True(board.Board.Hardware.UsbPins is { ToBmc: true, Role: UsbRole.Flash });
        })),
        new(Topic, Fact.Secure, "cancel asks for no right handle and answers nothing", async (board, _) =>
        {
            await board.BeginAsync(Flash5);
            using var reply = await Fact.SendAsync(board, "GET /api/bmc/upload/1/cancel");
            Assert.Equal((HttpStatusCode.OK, ""), (reply.StatusCode, await Fact.ReadAsync(reply)));
            Assert.Equal(Cancelled, await EndAsync(board));
        }),
        new(Topic, Fact.Secure, "a restart of the daemon forgets the transfer", async (board, _) =>
        {
            await board.BeginAsync(Flash5);
            await board.Board.RestartDaemonAsync(orderly: true, TimeSpan.Zero, TestContext.Current.CancellationToken);
            await board.LogInAsync();
            Assert.Equal("\"Ready\"", (await board.GetAsync("opt=get&type=flash")).Body);
        }),
        new(Topic, Fact.Secure, "firmware asks for no slot and switches none", async (board, _) =>
        {
            await board.GetAsync("opt=set&type=power&node1=1");
            await UploadAsync(board, await board.BeginAsync("opt=set&type=firmware&file=x.tpu&length=5"), Five);
            Assert.StartsWith("{\"Done\"", await EndAsync(board), StringComparison.Ordinal);
            Assert.Equal(0b0001, board.Board.PoweredSlots);
        }),
    ];

    private static string Transferring(string process) =>
        $"~^{{\"Transferring\":{{\"id\":[0-9]+,\"process_name\":\"{process}\",\"size\":5,\"cancelled\":false,\"bytes_written\":0}}}}$";

    private static async Task RefusesAsync(TestBoard board, uint handle, string text) =>
        Assert.Equal((HttpStatusCode.BadRequest, $$$"""{"response":[{"result":"{{{text}}}"}]}"""), await UploadAsync(board, handle, Five));

    private static async Task EndsAsync(TestBoard board, string begin, string end)
    {
        await UploadAsync(board, await board.BeginAsync(begin), Five);
        Assert.Matches(end, await EndAsync(board));
    }

    private static Task FailsToVerifyAsync(TestBoard board, string begin, string end)
    {
        board.Board.Faults.VerifyFailures = 1;
        return EndsAsync(board, begin, end);
    }

    private static async Task LeavesAsync(TestBoard board, byte power)
    {
        await FailsToVerifyAsync(board, Flash5, "^{\"Error\"");
        Assert.Equal(power, board.Board.PoweredSlots);
        Assert.Equal(power != 0, board.Board.Hardware.UsbPins.ToBmc);
    }

    private static async Task<(HttpStatusCode Status, string Body)> UploadAsync(TestBoard board, uint handle, byte[] file)
    {
        using var reply = await board.UploadAsync(handle, file);
        return (reply.StatusCode, await Fact.ReadAsync(reply));
    }

    private static Task<string> EndAsync(TestBoard board) => board.WaitForTransferAsync(IsOver);

    private static bool IsOver(string body) => body.StartsWith("{\"Done\"", StringComparison.Ordinal) || body.StartsWith("{\"Error\"", StringComparison.Ordinal);
}
