using System.Security.Cryptography;
using Appliance.Bmc.Board;
using Appliance.Bmc.Simulation;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Tests.Board;

/// <summary>One client, every generation of the firmware.</summary>
[Trait("Category", "Slow")]
public sealed class GenerationTests
{
    private static readonly SlotNumber Slot1 = SlotNumber.All[0];
    private static readonly SlotNumber Slot2 = SlotNumber.All[1];

    private readonly byte[] _image = RandomNumberGenerator.GetBytes(1_500_000);

    [Theory]
    [InlineData("v1", nameof(BoardGeneration.Plain), "1.1.0")]
    [InlineData("2.0.5", nameof(BoardGeneration.Second), "2.0.5")]
    [InlineData("2.3.4", nameof(BoardGeneration.Third), "2.3.4")]
    [InlineData("2.3.7", nameof(BoardGeneration.Fourth), "2.3.7")]
    public async Task Generation_is_known_by_what_the_board_answers(string profile, string generation, string daemon)
    {
        await using var board = await StartAsync(profile);

        var facts = await board.Client().GetFactsAsync(TestContext.Current.CancellationToken);

        Assert.Equal((generation, daemon), (facts.Generation.ToString(), facts.DaemonVersion));
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("2.0.5")]
    [InlineData("2.3.4")]
    [InlineData("2.3.7")]
    public async Task Slots_are_switched_and_reset(string profile)
    {
        await using var board = await StartAsync(profile);
        var client = board.Client();

        await client.SetPowerAsync(Slot2, true, TestContext.Current.CancellationToken);
        await client.ResetAsync(Slot2, TestContext.Current.CancellationToken);
        await client.SetPowerAsync(Slot1, true, TestContext.Current.CancellationToken);
        await client.SetPowerAsync(Slot1, false, TestContext.Current.CancellationToken);
        var power = await client.GetPowerAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new SlotPower(false, true, false, false), power);
        Assert.Equal(0b0010, board.Board.PoweredSlots);
    }

    [Theory]
    [InlineData("v1", false)]
    [InlineData("2.0.5", true)]
    [InlineData("2.3.4", true)]
    [InlineData("2.3.7", true)]
    public async Task Usb_is_routed_with_the_number_of_that_firmware(string profile, bool toBmc)
    {
        await using var board = await StartAsync(profile);
        var client = board.Client();
        var route = new UsbRoute(Slot2, UsbMode.Device, toBmc);

        await client.SetUsbAsync(route, TestContext.Current.CancellationToken);
        var routed = await client.GetUsbAsync(TestContext.Current.CancellationToken);
        await client.ClearUsbBootAsync(TestContext.Current.CancellationToken);

        Assert.Equal(route, routed);
    }

    [Theory]
    [InlineData("v1", true)]
    [InlineData("2.0.5", true)]
    [InlineData("2.3.4", false)]
    [InlineData("2.3.7", false)]
    public async Task Console_is_read_once_or_again(string profile, bool consumes)
    {
        await using var board = await StartAsync(profile, 0b0010);
        var client = board.Client();

        await client.WriteConsoleAsync(Slot2, "uname -a", TestContext.Current.CancellationToken);
        var first = await client.ReadConsoleAsync(Slot2, TestContext.Current.CancellationToken);
        var second = await client.ReadConsoleAsync(Slot2, TestContext.Current.CancellationToken);
        var facts = await client.GetFactsAsync(TestContext.Current.CancellationToken);

        Assert.Contains("uname -a\r\n", first, StringComparison.Ordinal);
        Assert.Equal(consumes ? "" : first, second);
        Assert.Equal(consumes, facts.ConsoleReadConsumes);
    }

    [Theory]
    [InlineData("v1", 0, 0, 0)]
    [InlineData("2.0.5", 1, 0, 0)]
    [InlineData("2.3.4", 1, 4, 1)]
    [InlineData("2.3.7", 1, 4, 1)]
    public async Task Volumes_notes_and_fans_are_there_or_empty(string profile, int volumes, int notes, int fans)
    {
        await using var board = await StartAsync(profile);
        var client = board.Client();

        var resources = await client.GetResourcesAsync(TestContext.Current.CancellationToken);
        var noted = await client.GetNotesAsync(TestContext.Current.CancellationToken);
        var cooling = await client.GetFansAsync(TestContext.Current.CancellationToken);

        Assert.Equal((volumes, notes, fans), (resources.Volumes.Count, noted.Count, cooling.Count));
        Assert.NotEmpty(resources.Addresses);
    }

    [Theory]
    [InlineData("2.0.5")]
    [InlineData("2.3.4")]
    [InlineData("2.3.7")]
    public async Task Image_is_written_as_it_was_sent(string profile)
    {
        await using var board = await StartAsync(profile);
        var client = board.Client();
        var digest = SHA256.HashData(_image);
        var order = new TransferOrder(Slot1, "x.img", _image.Length, Convert.ToHexStringLower(digest));

        var handle = await client.BeginTransferAsync(order, TestContext.Current.CancellationToken);
        await client.UploadAsync(handle, order, new MemoryStream(_image), new Progress<long>(), TestContext.Current.CancellationToken);
        var status = await client.GetTransferAsync(TestContext.Current.CancellationToken);
        while (status.Phase == TransferPhase.Transferring)
        {
            await Task.Yield();
            status = await client.GetTransferAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal((TransferPhase.Done, ""), (status.Phase, status.Failure));
        Assert.Equal((_image.Length, Convert.ToHexStringLower(digest)), (board.Board.Content(1)!.Length, board.Board.Content(1)!.Sha256));
    }

    [Fact]
    public async Task Flash_is_refused_where_the_firmware_cannot()
    {
        await using var board = await StartAsync("v1");

        var error = await Assert.ThrowsAsync<BusyException>(
            () => board.Client().BeginTransferAsync(new TransferOrder(Slot1, "x.img", 1, "00"), TestContext.Current.CancellationToken));

        Assert.Equal("FIRMWARE_CANNOT", error.Reason);
    }

    [Theory]
    [InlineData("2.0.5")]
    [InlineData("2.3.4")]
    [InlineData("2.3.7")]
    public async Task Daemon_is_restarted_and_logged_in_to_again(string profile)
    {
        await using var board = await StartAsync(profile);
        var client = board.Client();

        await client.RestartDaemonAsync(TestContext.Current.CancellationToken);
        await Clocks.UntilAsync(() => board.Board.Restarts == 1);
        var power = await client.GetPowerAsync(TestContext.Current.CancellationToken);

        Assert.NotNull(power.First);
        Assert.Equal(0, board.Board.Daemon.Bans);
    }

    [Fact]
    public async Task Cut_upload_is_told_with_the_bytes_that_had_left()
    {
        await using var board = await StartAsync("2.3.7");
        var client = board.Client();
        var order = new TransferOrder(Slot1, "x.img", _image.Length, Convert.ToHexStringLower(SHA256.HashData(_image)));
        board.Board.Faults.DropUploadAt = _image.Length;

        var handle = await client.BeginTransferAsync(order, TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<BusyException>(
            () => client.UploadAsync(handle, order, new MemoryStream(_image), new Progress<long>(), TestContext.Current.CancellationToken));

        Assert.Equal("UPLOAD_BROKEN", error.Reason);
        Assert.Contains("broke off after 1500000 of 1500000 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Board_that_fell_back_to_the_makers_password_is_switched_no_more()
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { Password = "own" });
        using var client = new ClientRig(
            new BoardEndpoint(board.Board.Address, board.Board.Fingerprint, BoardCredential.Known("root", "own"), Simulated: false), TimeProvider.System);
        await client.Board.SetPowerAsync(Slot1, true, TestContext.Current.CancellationToken);

        board.Board.Faults.DefaultPassword = true;
        await board.Board.RestartDaemonAsync(orderly: true, TimeSpan.Zero, TestContext.Current.CancellationToken);
        await client.Board.GetPowerAsync(TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<BusyException>(() => client.Board.SetPowerAsync(Slot1, false, TestContext.Current.CancellationToken));

        Assert.Equal("DEFAULT_PASSWORD", error.Reason);
        Assert.Equal(0b0001, board.Board.PoweredSlots);
    }

    [Fact]
    public async Task Plain_port_of_a_newer_board_is_told_as_such()
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { ListenPlain = new(System.Net.IPAddress.Loopback, 0) });
        using var client = new ClientRig(new BoardEndpoint(board.Board.PlainAddress!, null, BoardCredential.Factory, Simulated: false), TimeProvider.System);

        var error = await Assert.ThrowsAsync<UnreachableException>(() => client.Board.GetPowerAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith("The board sends plain HTTP on to HTTPS", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Board_that_does_not_take_the_connection_is_unreachable_and_nothing_else()
    {
        await using var board = await StartAsync("2.3.7");
        board.Board.Faults.Silent = true;

        // Takes the handler's own 5 s, which no test's clock moves.
        var error = await Assert.ThrowsAsync<UnreachableException>(() => board.Client().ResetAsync(Slot1, TestContext.Current.CancellationToken));

        Assert.Equal($"Board {board.Board.Address.Authority} did not take the connection within 5 s.", error.Message);
    }

    private static Task<TestBoard> StartAsync(string profile, byte stored = 0) =>
        TestBoard.StartAsync(with: options => options with { Profile = BoardProfiles.Find(profile)!, StoredPower = stored });
}
