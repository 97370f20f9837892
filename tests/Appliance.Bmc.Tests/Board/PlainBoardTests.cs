using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Health;
using Microsoft.AspNetCore.Http;

namespace Appliance.Bmc.Tests.Board;

/// <summary>Firmware 1, as `fw@1.1.0:app/bmc/webserver.c` answers: always 200, tabs, numbers, data without `result`.</summary>
public sealed class PlainBoardTests
{
    private static readonly SlotNumber Slot2 = SlotNumber.All[1];

    [Fact]
    public async Task Everything_it_knows_is_asked_without_a_log_in()
    {
        List<string> seen = [];
        await using var board = await StartAsync("1.1.0", seen);

        var facts = await board.Client.GetFactsAsync(TestContext.Current.CancellationToken);
        var power = await board.Client.GetPowerAsync(TestContext.Current.CancellationToken);
        var usb = await board.Client.GetUsbAsync(TestContext.Current.CancellationToken);
        var resources = await board.Client.GetResourcesAsync(TestContext.Current.CancellationToken);
        var console = await board.Client.ReadConsoleAsync(Slot2, TestContext.Current.CancellationToken);

        Assert.Equal(new BoardFacts(BoardGeneration.Plain, "", "", "", "1.1.0", ""), facts);
        Assert.Equal(new SlotPower(false, true, false, false), power);
        Assert.Equal(new UsbRoute(SlotNumber.All[0], UsbMode.Device, ToBmc: false), usb);
        Assert.Equal([new BoardAddress("", "192.168.1.7", "02:00:00:00:00:01")], resources.Addresses);
        Assert.Equal("login: ", console);
        Assert.True(facts.ConsoleReadConsumes);
        Assert.DoesNotContain(seen, request => request.Contains("Bearer", StringComparison.Ordinal) || request.Contains("authenticate", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_it_does_not_know_is_not_asked_since_it_would_not_answer()
    {
        List<string> seen = [];
        await using var board = await StartAsync("1.1.0", seen);

        var notes = await board.Client.GetNotesAsync(TestContext.Current.CancellationToken);
        var fans = await board.Client.GetFansAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<BusyException>(() => board.Client.SetFanAsync("fan", 1, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<BusyException>(() => board.Client.RestartDaemonAsync(TestContext.Current.CancellationToken));

        Assert.Empty(notes);
        Assert.Empty(fans);
        Assert.Empty(seen);
    }

    [Fact]
    public async Task Slots_are_switched_and_reset()
    {
        List<string> seen = [];
        await using var board = await StartAsync("1.1.0", seen);

        await board.Client.SetPowerAsync(Slot2, true, TestContext.Current.CancellationToken);
        await board.Client.ResetAsync(Slot2, TestContext.Current.CancellationToken);
        await board.Client.ClearUsbBootAsync(TestContext.Current.CancellationToken);
        await board.Client.SetUsbAsync(new UsbRoute(Slot2, UsbMode.Device, ToBmc: false), TestContext.Current.CancellationToken);

        Assert.Equal(
            ["?opt=set&type=power&node2=1", "?opt=set&type=reset&node=1", "?opt=set&type=clear_usb_boot", "?opt=set&type=usb&node=1&mode=1"],
            seen.Where(request => request.Contains("opt=set", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Reset_that_1_0_would_only_say_ok_to_is_refused()
    {
        List<string> seen = [];
        await using var board = await StartAsync("1.0.2", seen);

        var error = await Assert.ThrowsAsync<BusyException>(() => board.Client.ResetAsync(Slot2, TestContext.Current.CancellationToken));

        Assert.Equal("The board's firmware is older than 1.1.0 and cannot reset a slot; cycle its power.", error.Message);
        Assert.DoesNotContain(seen, request => request.Contains("reset", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(nameof(UsbMode.Flash), false)]
    [InlineData(nameof(UsbMode.Device), true)]
    public async Task Usb_route_that_it_does_not_have_is_refused(string mode, bool toBmc)
    {
        await using var board = await StartAsync("1.1.0", []);

        var error = await Assert.ThrowsAsync<BusyException>(
            () => board.Client.SetUsbAsync(new UsbRoute(Slot2, Enum.Parse<UsbMode>(mode), toBmc), TestContext.Current.CancellationToken));

        Assert.Equal("FIRMWARE_CANNOT", error.Reason);
    }

    [Fact]
    public async Task Flashing_is_refused_in_words()
    {
        List<string> seen = [];
        await using var board = await StartAsync("1.1.0", seen);

        var error = await Assert.ThrowsAsync<BusyException>(
            () => board.Client.BeginTransferAsync(new TransferOrder(Slot2, "x.img", 1, "00"), TestContext.Current.CancellationToken));

        Assert.StartsWith("The board's firmware 1 cannot flash a module over the network", error.Message, StringComparison.Ordinal);
        Assert.Empty(seen);
    }

    [Fact]
    public async Task Refusal_inside_200_is_one()
    {
        await using var board = await ScriptedBoard.StartAsync(
            ScriptedBoard.Always("{\"response\":[{\n\t\"code\":\t400,\n\t\"result\":\t\"mode or node is null\"}]}", "text/plain"), plain: true);

        var error = await Assert.ThrowsAsync<BusyException>(() => board.Client.SetPowerAsync(Slot2, true, TestContext.Current.CancellationToken));

        Assert.Equal("The board refuses /api/bmc?opt=set&type=power&node2=1 with 400: mode or node is null", error.Message);
    }

    [Fact]
    public async Task Newer_board_behind_the_plain_port_is_told()
    {
        await using var board = await ScriptedBoard.StartAsync(
            context =>
            {
                context.Response.Headers.Location = "https://board:443/api/bmc";
                return ScriptedBoard.Always("", "text/plain", StatusCodes.Status308PermanentRedirect)(context);
            },
            plain: true);

        var error = await Assert.ThrowsAsync<UnreachableException>(() => board.Client.GetPowerAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith("The board sends plain HTTP on to HTTPS", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_http_is_told_as_what_it_is()
    {
        await using var board = await StartAsync("1.1.0", []);
        using var client = new ClientRig(board.Endpoint, TimeProvider.System);

        await client.Board.GetPowerAsync(TestContext.Current.CancellationToken);

        Assert.False(client.Board.Standing.IsEncrypted);
        Assert.Equal(PartState.Degraded, client.Trust.State);
        Assert.Contains("knows no encryption and no log-in", Assert.Single(client.Told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_answer_to_a_tls_client_is_told_with_the_way_out()
    {
        await using var board = await StartAsync("1.1.0", []);
        using var client = new ClientRig(board.Endpoint with { Address = new Uri($"https://{board.Endpoint.Address.Authority}") }, TimeProvider.System);

        var error = await Assert.ThrowsAsync<UnreachableException>(() => client.Board.GetPowerAsync(TestContext.Current.CancellationToken));

        Assert.EndsWith("firmware 1 knows none and is spoken to by an http:// address.", error.Message, StringComparison.Ordinal);
    }

    private static Task<ScriptedBoard> StartAsync(string version, List<string> seen) => ScriptedBoard.StartAsync(
        context =>
        {
            seen.Add($"{context.Request.QueryString}{context.Request.Headers.Authorization}");
            var query = context.Request.Query;
            var body = (query["opt"].ToString(), query["type"].ToString()) switch
            {
                ("get", "other") => $"\t\"version\":\t\"{version}\",\n\t\"buildtime\":\t\"2023-07-28\",\n\t\"ip\":\t\"192.168.1.7\",\n\t\"mac\":\t\"02:00:00:00:00:01\"",
                ("get", "power") => "\t\"node1\":\t0,\n\t\"node2\":\t1,\n\t\"node3\":\t0,\n\t\"node4\":\t0",
                ("get", "usb") => "\t\"mode\":\t1,\n\t\"node\":\t0",
                ("get", "uart") => "\t\"uart\":\t\"login: \"",
                _ => "\t\"result\":\t\"ok\"",
            };
            var answer = $"{{\"response\":[{{\n{body}\n}}]}}";
            return ScriptedBoard.Always(query["type"] == "clear_usb_boot" ? answer + answer : answer, "text/plain")(context);
        },
        plain: true);
}
