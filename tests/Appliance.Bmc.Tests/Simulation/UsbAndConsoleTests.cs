using System.Net;
using System.Text;
using Appliance.Bmc.Simulation;

namespace Appliance.Bmc.Tests.Simulation;

public sealed class UsbAndConsoleTests
{
    [Fact]
    public async Task Usb_tells_mode_slot_route_and_bus()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();

        var before = await board.ResultAsync("opt=get&type=usb");
        await board.GetAsync("opt=set&type=usb&node=2&mode=6");
        var after = await board.ResultAsync("opt=get&type=usb");

        Assert.Equal("""[{"mode":"Device","node":"Node 1","route":"AlternativePort","bus_type":"Usb hub"}]""", before);
        Assert.Equal("""[{"mode":"Flash","node":"Node 3","route":"Bmc","bus_type":"Usb hub"}]""", after);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    public async Task Usb_mode_that_panics_the_daemon_drops_the_connection(int mode)
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => board.GetAsync($"opt=set&type=usb&node=0&mode={mode}"));

        Assert.Equal(HttpStatusCode.OK, (await board.GetAsync("opt=get&type=usb")).Status);
    }

    [Fact]
    public async Task Usb_of_slot_1_goes_by_the_presence_of_a_key()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();

        var before = await board.ResultAsync("opt=get&type=usb_node1");
        await board.GetAsync("opt=set&type=usb_node1&alternative_port");
        var with = await board.ResultAsync("opt=get&type=usb_node1");
        await board.GetAsync("opt=set&type=usb_node1");
        var without = await board.ResultAsync("opt=get&type=usb_node1");

        Assert.Equal(("false", "true", "false"), (before, with, without));
    }

    [Fact]
    public async Task Clearing_the_boot_pins_clears_all_four()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();
        await board.GetAsync("opt=set&type=usb_boot&node=0");
        await board.GetAsync("opt=set&type=usb_boot&node=3");
        var set = board.Board.Hardware.BootPins;

        await board.GetAsync("opt=set&type=clear_usb_boot&node=0");

        Assert.Equal(0b1001, set);
        Assert.Equal(0, board.Board.Hardware.BootPins);
    }

    [Fact]
    public async Task Cm4_shows_as_a_disk_and_a_jetson_does_not()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();

        var jetson = await board.GetAsync("opt=set&type=node_to_msd&node=2");
        var cm4 = await board.GetAsync("opt=set&type=node_to_msd&node=0");

        Assert.Equal("""{"response":[{"result":"ok"}]}""", cm4.Body);
        Assert.Equal(HttpStatusCode.InternalServerError, jetson.Status);
        Assert.StartsWith("""{"response":[{"result":"Failed to Compute module's USB interface not found or supported: """, jetson.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Console_is_read_again_and_again_and_echoes_what_is_typed()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();
        await board.GetAsync("opt=set&type=power&node1=1");
        await board.GetAsync("opt=set&type=uart&node=0&cmd=uname%20-a");

        var first = await board.GetAsync("opt=get&type=uart&node=0");
        var second = await board.GetAsync("opt=get&type=uart&node=0");

        Assert.Equal("""{"response":[{"uart":"\r\nStarting kernel ...\r\n\r\nslot1 login: uname -a\r\n"}]}""", first.Body);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Console_of_an_empty_slot_is_silent()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();
        await board.GetAsync("opt=set&type=power&node4=1");
        await board.GetAsync("opt=set&type=uart&node=3&cmd=x");

        var (_, body) = await board.GetAsync("opt=get&type=uart&node=3");

        Assert.Equal("""{"response":[{"uart":""}]}""", body);
    }

    [Theory]
    [InlineData(false, "cdefgh", "cdefgh")]
    [InlineData(true, "cdefgh", "")]
    public void Console_keeps_the_last_16_KiB_and_old_firmware_empties_it(bool consume, string end, string again)
    {
        var console = new ConsoleBuffer();
        console.Write(Encoding.ASCII.GetBytes(new string('a', 20_000) + "cdefgh"));

        var first = console.Read(consume);
        var second = console.Read(consume);

        Assert.Equal(16_384, first.Length);
        Assert.EndsWith(end, Encoding.ASCII.GetString(first), StringComparison.Ordinal);
        Assert.EndsWith(again, Encoding.ASCII.GetString(second), StringComparison.Ordinal);
        Assert.Equal(consume, second.Length == 0);
    }

    [Fact]
    public async Task Serial_workers_are_told_by_a_post()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();

        using var reply = await board.Raw.PostAsync("/api/bmc/serial/status", null, TestContext.Current.CancellationToken);

        Assert.Equal("text/plain", reply.Content.Headers.ContentType?.MediaType);
        Assert.Equal("""["Running","Running","Running","Running"]""", await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
