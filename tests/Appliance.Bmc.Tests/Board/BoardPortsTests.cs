using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Tests.Board;

public sealed class BoardPortsTests
{
    private static readonly SlotNumber Slot1 = SlotNumber.All[0];
    private static readonly SlotNumber Slot2 = SlotNumber.All[1];

    [Fact]
    public async Task Usb_is_routed_and_told_by_the_number_on_the_board()
    {
        await using var board = await TestBoard.StartAsync();
        var client = board.Client();

        var before = await client.GetUsbAsync(TestContext.Current.CancellationToken);
        await client.SetUsbAsync(new UsbRoute(Slot2, UsbMode.Flash, ToBmc: true), TestContext.Current.CancellationToken);
        var after = await client.GetUsbAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new UsbRoute(Slot1, UsbMode.Device, ToBmc: false), before);
        Assert.Equal(new UsbRoute(Slot2, UsbMode.Flash, ToBmc: true), after);
    }

    [Fact]
    public async Task Host_on_a_board_with_a_hub_is_refused_in_the_boards_words()
    {
        await using var board = await TestBoard.StartAsync();

        var error = await Assert.ThrowsAsync<BusyException>(
            () => board.Client().SetUsbAsync(new UsbRoute(Slot1, UsbMode.Host, ToBmc: false), TestContext.Current.CancellationToken));

        Assert.Contains("not supported by the current hardware", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2.0.3", nameof(UsbMode.Device), true, 3)]
    [InlineData("2.0.3", nameof(UsbMode.Host), true, 2)]
    [InlineData("2.0.4", nameof(UsbMode.Host), true, 4)]
    [InlineData("2.0.5", nameof(UsbMode.Flash), true, 6)]
    [InlineData("2.0.5", nameof(UsbMode.Device), false, 1)]
    public void Usb_mode_is_the_number_that_this_firmware_takes(string daemon, string mode, bool toBmc, int number)
    {
        var facts = new BoardFacts(BoardGeneration.Second, "", "", "", daemon, "");

        Assert.Equal(number, facts.UsbModeNumber(new UsbRoute(Slot1, Enum.Parse<UsbMode>(mode), toBmc)));
    }

    [Fact]
    public void Flash_mode_is_refused_where_the_firmware_has_none()
    {
        var facts = new BoardFacts(BoardGeneration.Second, "", "", "", "2.0.3", "");

        var error = Assert.Throws<BusyException>(() => facts.UsbModeNumber(new UsbRoute(Slot1, UsbMode.Flash, ToBmc: true)));

        Assert.Equal("FIRMWARE_CANNOT", error.Reason);
    }

    [Theory]
    [InlineData("""[{"mode":"Host","node":"Node1","route":"UsbA"}]""", 1, nameof(UsbMode.Host), false)]
    [InlineData("""[{"mode":"Flash","node":"Node 4","route":"Bmc","bus_type":"Single bus"}]""", 4, nameof(UsbMode.Flash), true)]
    [InlineData("""{"mode":1,"node":2}""", 3, nameof(UsbMode.Device), false)]
    public async Task Usb_is_read_from_every_generation(string result, int slot, string mode, bool toBmc)
    {
        await using var board = await ScriptedBoard.StartAsync(ScriptedBoard.Always($$$"""{"response":[{"result":{{{result}}}}]}"""));

        var route = await board.Client.GetUsbAsync(TestContext.Current.CancellationToken);

        Assert.Equal((slot, mode, toBmc), (route.Slot.Number, route.Mode.ToString(), route.ToBmc));
    }

    [Theory]
    [InlineData("""[{"mode":"Flash","node":"Node 5","route":"Bmc"}]""")]
    [InlineData("""[{"mode":"Toaster","node":"Node 1"}]""")]
    [InlineData("""[{"mode":"Host"}]""")]
    [InlineData("[]")]
    public async Task Usb_that_is_none_is_not_made_up(string result)
    {
        await using var board = await ScriptedBoard.StartAsync(ScriptedBoard.Always($$$"""{"response":[{"result":{{{result}}}}]}"""));

        await Assert.ThrowsAsync<UnreachableException>(() => board.Client.GetUsbAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Boot_pins_of_all_slots_are_cleared()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();
        await board.GetAsync("opt=set&type=usb_boot&node=3");

        await board.Client().ClearUsbBootAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, board.Board.Hardware.BootPins);
    }

    [Fact]
    public async Task Fan_is_set_and_read_back()
    {
        await using var board = await TestBoard.StartAsync();
        var client = board.Client();

        await client.SetFanAsync("system fan", 3, TestContext.Current.CancellationToken);
        var fans = await client.GetFansAsync(TestContext.Current.CancellationToken);

        Assert.Equal([new Fan("system fan", 3, 6)], fans);
    }

    [Fact]
    public async Task Fan_beyond_its_steps_is_refused_in_the_boards_words()
    {
        await using var board = await TestBoard.StartAsync();

        var error = await Assert.ThrowsAsync<BusyException>(() => board.Client().SetFanAsync("system fan", 9, TestContext.Current.CancellationToken));

        Assert.Contains("given speed '9' exceeds maximum speed of '6'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Console_is_read_as_it_is_and_again_on_this_firmware()
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { StoredPower = 0b0010 });
        var client = board.Client();

        await client.WriteConsoleAsync(Slot2, " echo opt=set&type=flash \"ü\"", TestContext.Current.CancellationToken);
        var first = await client.ReadConsoleAsync(Slot2, TestContext.Current.CancellationToken);
        var second = await client.ReadConsoleAsync(Slot2, TestContext.Current.CancellationToken);

        Assert.EndsWith(" echo opt=set&type=flash \"ü\"\r\n", first, StringComparison.Ordinal);
        Assert.Equal(first, second);
    }

    [Theory]
    [InlineData("""{"response":[{"uart":"\ud800"}]}""")]
    [InlineData("""{"response":[{"uart":7}]}""")]
    [InlineData("""{"response":[{"result":"ok"}]}""")]
    public async Task Console_that_is_none_is_not_made_up(string body)
    {
        await using var board = await ScriptedBoard.StartAsync(ScriptedBoard.Always(body));

        await Assert.ThrowsAsync<UnreachableException>(() => board.Client.ReadConsoleAsync(Slot1, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_old_firmware_does_not_know_is_told_or_empty()
    {
        await using var board = await ScriptedBoard.StartAsync(context => ScriptedBoard.Always(
            $$$"""{"response":[{"result":"Invalid `type` parameter {{{context.Request.Query["type"]}}}"}]}""", status: 400)(context));

        var fans = await board.Client.GetFansAsync(TestContext.Current.CancellationToken);
        var fan = await Assert.ThrowsAsync<BusyException>(() => board.Client.SetFanAsync("fan", 1, TestContext.Current.CancellationToken));
        var restart = await Assert.ThrowsAsync<BusyException>(() => board.Client.RestartDaemonAsync(TestContext.Current.CancellationToken));

        Assert.Empty(fans);
        Assert.Equal("The board's firmware cannot set fans; newer firmware can.", fan.Message);
        Assert.Equal("The board's firmware cannot restart its daemon; newer firmware can.", restart.Message);
    }

    [Fact]
    public async Task Restart_of_the_daemon_costs_no_unknown_token()
    {
        await using var board = await TestBoard.StartAsync();
        var client = board.Client();
        await client.GetPowerAsync(TestContext.Current.CancellationToken);

        await client.RestartDaemonAsync(TestContext.Current.CancellationToken);
        await Clocks.UntilAsync(() => board.Board.Restarts == 1);
        await client.GetPowerAsync(TestContext.Current.CancellationToken);

        Assert.Equal((1, 2), (board.Board.Daemon.LogIns, board.Board.Daemon.Requests));
    }
}
