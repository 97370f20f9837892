using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Tests.Board;

public sealed class TuringPiBoardTests
{
    private static readonly SlotNumber Slot2 = SlotNumber.All[1];
    private static readonly SlotNumber Slot3 = SlotNumber.All[2];

    [Fact]
    public async Task Facts_come_from_about()
    {
        await using var board = await TestBoard.StartAsync();

        var facts = await board.Client().GetFactsAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new BoardFacts(BoardGeneration.Fourth, "Turing Pi 2", "v2.5.1", "turingpi", "2.3.7", "2.1.0"), facts);
    }

    [Fact]
    public async Task Resources_come_from_info()
    {
        await using var board = await TestBoard.StartAsync();

        var resources = await board.Client().GetResourcesAsync(TestContext.Current.CancellationToken);

        Assert.Equal([new BoardAddress("br0", "192.0.2.10", "02:00:00:54:50:02")], resources.Addresses);
        Assert.Equal([new BoardVolume("BMC", 91_004_928, 87_715_840)], resources.Volumes);
    }

    [Fact]
    public async Task Power_of_a_slot_is_set_and_got_by_the_number_on_the_board()
    {
        await using var board = await TestBoard.StartAsync();
        var client = board.Client();

        await client.SetPowerAsync(Slot2, true, TestContext.Current.CancellationToken);
        var power = await client.GetPowerAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new SlotPower(false, true, false, false), power);
        Assert.Equal(0b0010, board.Board.PoweredSlots);
    }

    [Fact]
    public async Task Power_is_set_off_too()
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { StoredPower = 0b1111 });

        await board.Client().SetPowerAsync(Slot3, false, TestContext.Current.CancellationToken);

        Assert.Equal(0b1011, board.Board.PoweredSlots);
    }

    [Fact]
    public async Task Reset_goes_to_the_slot_counted_from_zero_on_the_wire()
    {
        await using var board = await TestBoard.StartAsync();

        await board.Client().ResetAsync(Slot3, TestContext.Current.CancellationToken);

        Assert.Equal(0b0100, board.Board.PoweredSlots);
    }

    [Fact]
    public async Task Notes_come_with_the_time_since_power_on()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();
        (await board.Raw.PostAsync(
            "/api/bmc?opt=set&type=node_info",
            TestBoard.Json("""{"Node2":{"name":"logger","module_name":"CM4"}}"""),
            TestContext.Current.CancellationToken)).Dispose();
        var client = board.Client();
        await client.SetPowerAsync(Slot2, true, TestContext.Current.CancellationToken);

        var notes = await client.GetNotesAsync(TestContext.Current.CancellationToken);

        Assert.Equal(("logger", "CM4"), (notes[1].Name, notes[1].Module));
        Assert.InRange(notes[1].PowerOnTime!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal(new SlotNote("", "", null), notes[0]);
    }

    [Fact]
    public async Task All_calls_are_http_1_1_with_one_token()
    {
        List<string> seen = [];
        await using var board = await ScriptedBoard.StartAsync(context =>
        {
            seen.Add($"{context.Request.Protocol} {context.Request.Method} {context.Request.Headers.Authorization}");
            return ScriptedBoard.Always("""{"response":[{"result":[{"node1":"1"}]}]}""")(context);
        });

        await board.Client.GetPowerAsync(TestContext.Current.CancellationToken);
        await board.Client.GetPowerAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Repeat($"HTTP/1.1 GET Bearer {ScriptedBoard.Token}", 2), seen);
    }

    [Fact]
    public async Task Web_page_with_200_is_not_taken_for_an_answer()
    {
        await using var board = await ScriptedBoard.StartAsync(ScriptedBoard.Always("<!DOCTYPE html><html></html>", "text/html"));

        var error = await Assert.ThrowsAsync<UnreachableException>(() => board.Client.GetPowerAsync(TestContext.Current.CancellationToken));

        Assert.Equal("The board answers /api/bmc?opt=get&type=power with a web page; is the address that of the board's controller?", error.Message);
    }

    [Fact]
    public async Task Web_page_in_place_of_a_session_is_not_taken_for_one()
    {
        await using var board = await ScriptedBoard.StartAsync(ScriptedBoard.Always("{}"), logIn: ScriptedBoard.Always("<html>", "text/html"));

        var error = await Assert.ThrowsAsync<UnreachableException>(() => board.Client.GetPowerAsync(TestContext.Current.CancellationToken));

        Assert.Contains("answers a log-in with 200 text/html and no token", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, board.Requests);
    }

    [Theory]
    [InlineData("""{"response":[{"result":[{"node1":"1","node2":"0","node3":1,"node4":0}]}]}""", true, false, true, false)]
    [InlineData("""{"response":[{"node1":1,"node2":0,"node3":"1","node4":true}]}""", true, false, true, true)]
    [InlineData("""{"response":[{"result":{"node1":"Unknown","node2":null,"node3":[],"node4":"2"}}]}""", null, null, null, null)]
    public async Task Power_is_read_from_every_generation(string body, bool? first, bool? second, bool? third, bool? fourth)
    {
        await using var board = await ScriptedBoard.StartAsync(ScriptedBoard.Always(body));

        var power = await board.Client.GetPowerAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new SlotPower(first, second, third, fourth), power);
    }

    [Fact]
    public async Task Refusal_of_the_board_is_told_with_its_words()
    {
        await using var board = await ScriptedBoard.StartAsync(ScriptedBoard.Always("""{"response":[{"result":"Failed to set power state: i2c"}]}""", status: 500));

        var error = await Assert.ThrowsAsync<BusyException>(() => board.Client.SetPowerAsync(Slot2, true, TestContext.Current.CancellationToken));

        Assert.Equal("BOARD_REFUSED", error.Reason);
        Assert.Equal("The board refuses /api/bmc?opt=set&type=power&node2=1 with 500: Failed to set power state: i2c", error.Message);
    }

    [Fact]
    public async Task Ok_that_is_not_said_is_not_believed()
    {
        await using var board = await ScriptedBoard.StartAsync(ScriptedBoard.Always("""{"response":[{"result":"maybe"}]}"""));

        await Assert.ThrowsAsync<UnreachableException>(() => board.Client.SetPowerAsync(Slot2, true, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("""{"version":"2.0.5","build_version":"v2.0.5","api":"1.1"}""", BoardGeneration.Second, "2.0.5", "v2.0.5")]
    [InlineData("""{"version":"2.3.4","build_version":"2.1.0","board_model":"Turing Pi 2\u0000\u0000"}""", BoardGeneration.Third, "2.3.4", "2.1.0")]
    [InlineData("""{"version":"2.1.0","bmcd_version":"2.3.5","board_model":"Turing Pi 2"}""", BoardGeneration.Fourth, "2.3.5", "2.1.0")]
    public async Task Generation_is_told_by_what_about_holds(string about, object generation, string daemon, string firmware)
    {
        await using var board = await ScriptedBoard.StartAsync(ScriptedBoard.Always($$$"""{"response":[{"result":{{{about}}}}]}"""));

        var facts = await board.Client.GetFactsAsync(TestContext.Current.CancellationToken);

        Assert.Equal(((BoardGeneration)generation, daemon, firmware), (facts.Generation, facts.DaemonVersion, facts.FirmwareVersion));
        Assert.DoesNotContain('\0', facts.Model);
    }

    [Fact]
    public async Task Firmware_without_about_is_known_by_other_and_has_no_notes()
    {
        await using var board = await ScriptedBoard.StartAsync(context => context.Request.Query["type"] == "other"
            ? ScriptedBoard.Always("""{"response":[{"result":[{"version":"2.0.1","api":"1.1"}]}]}""")(context)
            : ScriptedBoard.Always($$$"""{"response":[{"result":"Invalid `type` parameter {{{context.Request.Query["type"]}}}"}]}""", status: 400)(context));

        var facts = await board.Client.GetFactsAsync(TestContext.Current.CancellationToken);
        var notes = await board.Client.GetNotesAsync(TestContext.Current.CancellationToken);
        var resources = await board.Client.GetResourcesAsync(TestContext.Current.CancellationToken);

        Assert.Equal((BoardGeneration.First, "2.0.1"), (facts.Generation, facts.DaemonVersion));
        Assert.Empty(notes);
        Assert.Same(BoardResources.None, resources);
    }
}
