using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Simulation;

public sealed class PowerCallTests
{
    [Fact]
    public async Task Power_is_told_as_strings_of_names_that_count_from_one()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();

        var set = await board.GetAsync("opt=set&type=power&node1=1&node3=0");
        var got = await board.GetAsync("opt=get&type=power");

        Assert.Equal("""{"response":[{"result":"ok"}]}""", set.Body);
        Assert.Equal("""{"response":[{"result":[{"node1":"1","node2":"0","node3":"0","node4":"0"}]}]}""", got.Body);
    }

    [Fact]
    public async Task Slots_that_a_call_does_not_name_stay_as_they_are()
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { StoredPower = 0b1010 });
        await board.LogInAsync();

        await board.GetAsync("opt=set&type=power&node1=1&node2=0");

        Assert.Equal(0b1001, board.Board.PoweredSlots);
    }

    [Fact]
    public async Task Reset_of_a_slot_that_is_off_powers_it_and_still_says_off()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();

        await board.GetAsync("opt=set&type=reset&node=2");

        Assert.Equal(0b0100, board.Board.PoweredSlots);
        Assert.Contains("\"node3\":\"0\"", (await board.GetAsync("opt=get&type=power")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_switched_slot_takes_a_tenth_of_a_second()
    {
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock, options => options with { Pace = 1 });
        await board.LogInAsync();

        var call = board.GetAsync("opt=set&type=power&node1=1&node2=1");
        await Clocks.AdvanceUntilAsync(clock, TimeSpan.FromMilliseconds(100), () => board.Board.PoweredSlots == 0b0001);
        var isDoneAfterOne = call.IsCompleted;
        await Clocks.AdvanceUntilAsync(clock, TimeSpan.FromMilliseconds(100), () => call.IsCompleted);

        Assert.False(isDoneAfterOne);
        Assert.Equal(0b0011, board.Board.PoweredSlots);
    }

    [Fact]
    public async Task Notes_are_kept_and_null_leaves_them()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();
        await SetNotesAsync(board, """{"Node1":{"name":"router","module_name":"cm4","uart_baud":9600},"Node4":{"name":"spare"}}""");

        var status = await SetNotesAsync(board, """{"Node1":{"name":null,"module_name":"CM4 8 GB"}}""");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            """
            [{"name":"router","module_name":"CM4 8 GB","power_on_time":null,"uart_baud":9600},{"name":null,"module_name":null,"power_on_time":null,"uart_baud":null},{"name":null,"module_name":null,"power_on_time":null,"uart_baud":null},{"name":"spare","module_name":null,"power_on_time":null,"uart_baud":null}]
            """,
            await board.ResultAsync("opt=get&type=node_info"));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"Node5":{}}""")]
    [InlineData("""{"Node1":{"uart_baud":-1}}""")]
    [InlineData("""{"Node1":3}""")]
    public async Task Notes_that_are_no_notes_are_400(string json)
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();

        var status = await SetNotesAsync(board, json);

        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Fact]
    public async Task Power_on_time_counts_from_the_switch_and_starts_again_for_slots_2_to_4_when_set_on_twice()
    {
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock);
        await board.LogInAsync();
        await board.GetAsync("opt=set&type=power&node1=1&node2=1");
        clock.Advance(TimeSpan.FromSeconds(100));

        var before = await TimesAsync(board);
        await board.GetAsync("opt=set&type=power&node1=1&node2=1");
        var after = await TimesAsync(board);

        Assert.Equal([100, 100, null, null], before);
        Assert.Equal([100, 0, null, null], after);
    }

    [Fact]
    public async Task Old_node_call_says_zeros()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();

        var result = await board.ResultAsync("opt=get&type=nodeinfo");

        Assert.Equal("""[{"node1":0,"node2":0,"node3":0,"node4":0}]""", result);
    }

    private static async Task<HttpStatusCode> SetNotesAsync(TestBoard board, string json)
    {
        using var reply = await board.Raw.PostAsync("/api/bmc?opt=set&type=node_info", TestBoard.Json(json), TestContext.Current.CancellationToken);
        return reply.StatusCode;
    }

    private static async Task<long?[]> TimesAsync(TestBoard board)
    {
        using var nodes = JsonDocument.Parse(await board.ResultAsync("opt=get&type=node_info"));
        return [.. nodes.RootElement.EnumerateArray().Select(node => node.GetProperty("power_on_time").Deserialize<long?>())];
    }
}
