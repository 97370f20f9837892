using System.Security.Cryptography;
using Appliance.Bmc.Board;
using Appliance.Bmc.Simulation;
using Appliance.Hosting.Errors;
using Appliance.Tests.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Board;

public sealed class BoardTransfersTests
{
    private static readonly SlotNumber Slot1 = SlotNumber.All[0];
    private static readonly SlotNumber JetsonSlot = SlotNumber.All[2];

    private readonly byte[] _image = RandomNumberGenerator.GetBytes(3_000_000);

    [Fact]
    public async Task Image_is_written_and_told_as_it_leaves()
    {
        await using var board = await TestBoard.StartAsync();
        var client = board.Client();
        var sent = new SentBytes();

        var handle = await client.BeginTransferAsync(Order(), TestContext.Current.CancellationToken);
        await client.UploadAsync(handle, Order(), new MemoryStream(_image), sent, TestContext.Current.CancellationToken);
        var end = await EndAsync(client);

        Assert.Equal(new TransferStatus(TransferPhase.Done, _image.Length, 0, ""), end);
        Assert.Equal(_image.Length, sent.Last);
        Assert.True(sent.Count > 40, $"{sent.Count} steps of 64 KiB were told");
    }

    [Fact]
    public async Task Transfer_that_runs_says_whose_it_is()
    {
        await using var board = await TestBoard.StartAsync();
        var client = board.Client();

        var before = await client.GetTransferAsync(TestContext.Current.CancellationToken);
        var handle = await client.BeginTransferAsync(Order(), TestContext.Current.CancellationToken);
        var running = await client.GetTransferAsync(TestContext.Current.CancellationToken);

        Assert.Equal(TransferPhase.Ready, before.Phase);
        Assert.Equal(new TransferStatus(TransferPhase.Transferring, _image.Length, 0, "") { Handle = handle }, running);
    }

    [Fact]
    public async Task Wrong_digest_is_found_by_the_board_too()
    {
        await using var board = await TestBoard.StartAsync();
        var client = board.Client();
        var order = Order() with { Sha256 = new string('0', 64) };

        var handle = await client.BeginTransferAsync(order, TestContext.Current.CancellationToken);
        await client.UploadAsync(handle, order, new MemoryStream(_image), new SentBytes(), TestContext.Current.CancellationToken);
        var end = await EndAsync(client);

        Assert.Equal(TransferPhase.Failed, end.Phase);
        Assert.StartsWith("sha256 checksum failed. Expected: 0000", end.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_that_the_board_gives_up_tells_the_cause()
    {
        await using var board = await TestBoard.StartAsync();
        var client = board.Client();
        var order = Order() with { Slot = JetsonSlot, Length = 50_000_000 };

        var handle = await client.BeginTransferAsync(order, TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<BusyException>(() => client.UploadAsync(
            handle, order, new MemoryStream(new byte[order.Length]), new SentBytes(), TestContext.Current.CancellationToken));

        Assert.Contains("Compute module's USB interface not found or supported", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2_999_999, "fewer")]
    [InlineData(3_000_001, "more")]
    public async Task Image_of_another_length_than_announced_is_never_finished(int length, string how)
    {
        // Not one call at a time, so that the board can be asked how far it is.
        await using var board = await TestBoard.StartAsync(with: options => options with { Serialized = false });
        await board.LogInAsync();
        var client = board.Client();
        var image = new HeldStream(new byte[length]);

        var handle = await client.BeginTransferAsync(Order(), TestContext.Current.CancellationToken);
        var upload = client.UploadAsync(handle, Order(), image, new SentBytes(), TestContext.Current.CancellationToken);
        await image.Held.WaitAsync();

        // A client that hangs up resets the connection, and with it goes what the board has not read: even the request, on a busy machine.
        await board.WaitForTransferAsync(body => !body.EndsWith("\"bytes_written\":0}}", StringComparison.Ordinal));
        image.Held.Continue();
        var error = await Assert.ThrowsAsync<BusyException>(() => upload);
        var end = await EndAsync(client);

        Assert.Equal(("IMAGE_CHANGED", $"The image has {how} bytes than the 3000000 that the board was told."), (error.Reason, error.Message));
        Assert.Equal(new TransferStatus(TransferPhase.Failed, 0, 0, "cancelled by user"), end);
    }

    [Fact]
    public async Task While_an_image_goes_up_other_calls_are_told_at_once()
    {
        await using var board = await TestBoard.StartAsync();
        var client = board.Client();
        var image = new HeldStream(_image);

        var handle = await client.BeginTransferAsync(Order(), TestContext.Current.CancellationToken);
        var upload = client.UploadAsync(handle, Order(), image, new SentBytes(), TestContext.Current.CancellationToken);
        await image.Held.WaitAsync();
        var error = await Assert.ThrowsAsync<BusyException>(() => client.GetPowerAsync(TestContext.Current.CancellationToken));
        image.Held.Continue();
        await upload;
        var power = await client.GetPowerAsync(TestContext.Current.CancellationToken);

        Assert.Equal("BOARD_UPLOADING", error.Reason);
        Assert.NotNull(power.First);
    }

    [Fact]
    public async Task Cancel_breaks_the_upload_off()
    {
        await using var board = await TestBoard.StartAsync();
        var client = board.Client();
        var image = new HeldStream(_image);

        var handle = await client.BeginTransferAsync(Order(), TestContext.Current.CancellationToken);
        var upload = client.UploadAsync(handle, Order(), image, new SentBytes(), TestContext.Current.CancellationToken);
        await image.Held.WaitAsync();
        await client.CancelTransferAsync(handle, TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<BusyException>(() => upload);
        var end = await EndAsync(client);

        Assert.Equal("TRANSFER_CANCELLED", error.Reason);
        Assert.Equal(new TransferStatus(TransferPhase.Failed, 0, 0, "cancelled by user"), end);
    }

    [Fact]
    public async Task Cancel_leaves_the_transfer_of_somebody_else_alone()
    {
        await using var board = await TestBoard.StartAsync();
        var client = board.Client();
        var handle = await client.BeginTransferAsync(Order(), TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<BusyException>(() => client.CancelTransferAsync(handle ^ 1, TestContext.Current.CancellationToken));
        var running = await client.GetTransferAsync(TestContext.Current.CancellationToken);

        Assert.Equal("TRANSFER_OF_OTHERS", error.Reason);
        Assert.Equal(TransferPhase.Transferring, running.Phase);
    }

    [Fact]
    public async Task Cancel_before_the_upload_ends_the_transfer()
    {
        await using var board = await TestBoard.StartAsync();
        var client = board.Client();
        var handle = await client.BeginTransferAsync(Order(), TestContext.Current.CancellationToken);

        await client.CancelTransferAsync(handle, TestContext.Current.CancellationToken);
        var end = await EndAsync(client);

        Assert.Equal(new TransferStatus(TransferPhase.Failed, 0, 0, "cancelled by user"), end);
    }

    [Fact]
    public async Task Token_that_ends_between_begin_and_upload_ends_the_transfer_and_is_not_repeated()
    {
        await using var board = await TestBoard.StartAsync();
        var client = board.Client();
        var handle = await client.BeginTransferAsync(Order(), TestContext.Current.CancellationToken);
        await board.Board.RestartDaemonAsync(orderly: false, TimeSpan.Zero, TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<BusyException>(() => client.UploadAsync(
            handle, Order(), new MemoryStream(_image), new SentBytes(), TestContext.Current.CancellationToken));
        var status = await client.GetTransferAsync(TestContext.Current.CancellationToken);

        Assert.Equal("UPLOAD_BROKEN", error.Reason);
        Assert.Equal(TransferPhase.Ready, status.Phase);
        Assert.Equal(0, board.Board.Daemon.Bans);
    }

    [Fact]
    public async Task Upload_that_stands_still_is_given_up()
    {
        var clock = new FakeTimeProvider();
        var asked = new SyncPoint();
        await using var board = await ScriptedBoard.StartAsync(
            context => HttpMethods.IsPost(context.Request.Method)
                ? asked.ReachAndWaitAsync(context.RequestAborted)
                : ScriptedBoard.Always("""{"handle":7}""", "text/plain")(context),
            clock);
        var handle = await board.Client.BeginTransferAsync(Order(), TestContext.Current.CancellationToken);

        var upload = board.Client.UploadAsync(handle, Order(), new MemoryStream(_image), new SentBytes(), TestContext.Current.CancellationToken);
        await asked.WaitAsync();
        var told = Assert.ThrowsAsync<BusyException>(() => upload);
        await Clocks.AdvanceUntilAsync(clock, TimeSpan.FromSeconds(30), () => upload.IsCompleted);

        Assert.Contains("the board took nothing for 60 s", (await told).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Begin_names_what_the_board_must_know_and_never_skips_the_read_back()
    {
        var query = "";
        await using var board = await ScriptedBoard.StartAsync(context =>
        {
            query = context.Request.QueryString.Value!;
            return ScriptedBoard.Always("""{"handle":"4294967295"}""", "text/plain")(context);
        });

        var handle = await board.Client.BeginTransferAsync(
            new TransferOrder(SlotNumber.All[3], "http://x/opt=get&type=flash.img.xz", 12, "ab"), TestContext.Current.CancellationToken);

        Assert.Equal(uint.MaxValue, handle);
        Assert.Equal("?opt=set&type=flash&node=3&file=image-http---x-opt-get-type-flash.img.xz.img&length=12&sha256=ab", query);
    }

    [Theory]
    [InlineData("\"Ready\"", nameof(TransferPhase.Ready), 0, 0, "")]
    [InlineData("""{"Transferring":{"id":1,"process_name":"Node 1 upgrade service","size":"9","cancelled":false,"bytes_written":4}}""", nameof(TransferPhase.Transferring), 9, 4, "")]
    [InlineData("""{"Transferring":{}}""", nameof(TransferPhase.Transferring), 0, 0, "")]
    [InlineData("""{"Done":[{"secs":1,"nanos":2},9]}""", nameof(TransferPhase.Done), 9, 0, "")]
    [InlineData("""{"Done":null}""", nameof(TransferPhase.Done), 0, 0, "")]
    [InlineData("""{"Error":"Send timeout"}""", nameof(TransferPhase.Failed), 0, 0, "Send timeout")]
    [InlineData("""{"Error":{"code":1}}""", nameof(TransferPhase.Failed), 0, 0, """{"code":1}""")]
    public async Task State_is_read_in_all_its_forms(string body, string phase, long size, long written, string failure)
    {
        await using var board = await ScriptedBoard.StartAsync(ScriptedBoard.Always(body, "text/plain"));

        var status = await board.Client.GetTransferAsync(TestContext.Current.CancellationToken);

        Assert.Equal((phase, size, written, failure), (status.Phase.ToString(), status.Size, status.WrittenBytes, status.Failure));
    }

    [Theory]
    [InlineData("\"Flashing\"")]
    [InlineData("{}")]
    [InlineData("7")]
    [InlineData("<html>")]
    public async Task State_that_is_none_is_not_made_up(string body)
    {
        await using var board = await ScriptedBoard.StartAsync(ScriptedBoard.Always(body, "text/plain"));

        await Assert.ThrowsAsync<UnreachableException>(() => board.Client.GetTransferAsync(TestContext.Current.CancellationToken));
    }

    private TransferOrder Order() => new(Slot1, "router.img", _image.Length, Convert.ToHexStringLower(SHA256.HashData(_image)));

    private static async Task<TransferStatus> EndAsync(TuringPiBoard board)
    {
        while (true)
        {
            var status = await board.GetTransferAsync(TestContext.Current.CancellationToken);
            if (status.Phase is TransferPhase.Done or TransferPhase.Failed)
            {
                return status;
            }

            await Task.Yield();
        }
    }

    /// <summary>Keeps what was told, in the thread that tells it.</summary>
    private sealed class SentBytes : IProgress<long>
    {
        public long Last { get; private set; }

        public int Count { get; private set; }

        public void Report(long value)
        {
            Last = value;
            Count++;
        }
    }

    /// <summary>An image whose second half is read only when the test says so.</summary>
    private sealed class HeldStream(byte[] image) : MemoryStream(image)
    {
        public SyncPoint Held { get; } = new();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position > Length / 2)
            {
                await Held.ReachAndWaitAsync(cancellationToken);
            }

            return await base.ReadAsync(buffer, cancellationToken);
        }
    }
}
