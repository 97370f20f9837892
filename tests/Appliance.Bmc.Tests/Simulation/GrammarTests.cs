using System.Net;
using Appliance.Bmc.Simulation;

namespace Appliance.Bmc.Tests.Simulation;

public sealed class GrammarTests
{
    [Theory]
    [InlineData("", HttpStatusCode.BadRequest, "Missing `opt` parameter")]
    [InlineData("opt=other&type=power", HttpStatusCode.BadRequest, "Missing `opt` parameter")]
    [InlineData("OPT=get&type=power", HttpStatusCode.BadRequest, "Missing `opt` parameter")]
    [InlineData("opt=get", HttpStatusCode.BadRequest, "Missing `type` parameter")]
    [InlineData("opt=get&type=nonsense", HttpStatusCode.BadRequest, "Invalid `type` parameter nonsense")]
    [InlineData("opt=get&type=Power", HttpStatusCode.BadRequest, "Invalid `type` parameter Power")]
    [InlineData("opt=get&type=reset", HttpStatusCode.BadRequest, "Invalid `type` parameter reset")]
    [InlineData("opt=set&type=about", HttpStatusCode.BadRequest, "Invalid `type` parameter about")]
    [InlineData("opt=set&type=reset", HttpStatusCode.BadRequest, "Missing `node` parameter")]
    [InlineData("opt=set&type=reset&node=one", HttpStatusCode.BadRequest, "Parameter `node` is not a number")]
    [InlineData("opt=set&type=reset&node=4", HttpStatusCode.BadRequest, "Parameter `node` is out of range 0..3 of node IDs")]
    [InlineData("opt=set&type=reset&node=-1", HttpStatusCode.BadRequest, "Parameter `node` is out of range 0..3 of node IDs")]
    [InlineData("opt=set&type=power&node1=2", HttpStatusCode.BadRequest, "Invalid value `2` for parameter `node1`")]
    [InlineData("opt=set&type=power", HttpStatusCode.InternalServerError, "Failed to set power state: Condition failed: `mask != 0`")]
    [InlineData("opt=set&type=nodeinfo", HttpStatusCode.NotImplemented, "Method type `set` on parameter `nodeinfo` is deprecated")]
    [InlineData("opt=set&type=sdcard", HttpStatusCode.NotImplemented, "microSD card formatting is not implemented")]
    [InlineData("opt=get&type=sdcard", HttpStatusCode.BadRequest, "Failed to get microSD card info: {}")]
    [InlineData("opt=set&type=usb&node=0", HttpStatusCode.BadRequest, "Missing `mode` parameter")]
    [InlineData("opt=set&type=usb&node=0&mode=x", HttpStatusCode.BadRequest, "Parameter `mode` is not a number")]
    [InlineData("opt=set&type=usb&node=0&mode=0", HttpStatusCode.InternalServerError, "Failed to set USB mode: Selecting one of the nodes as USB Host role is not supported by the current hardware")]
    [InlineData("opt=set&type=uart&node=0", HttpStatusCode.BadRequest, "Missing `cmd` parameter")]
    [InlineData("opt=get&type=uart&node=0&encoding=latin1", HttpStatusCode.BadRequest, "Invalid `encoding` parameter. Expected: utf8, utf16, utf16le, utf16be, utf32, utf32le, utf32be")]
    [InlineData("opt=set&type=cooling", HttpStatusCode.BadRequest, "Missing `device` parameter")]
    [InlineData("opt=set&type=cooling&device=system%20fan", HttpStatusCode.BadRequest, "Missing `speed` parameter")]
    [InlineData("opt=set&type=cooling&device=system%20fan&speed=x", HttpStatusCode.BadRequest, "`speed` parameter is not a number")]
    [InlineData("opt=set&type=cooling&device=x&speed=1", HttpStatusCode.InternalServerError, "Failed to set Cooling state: cooling device: `x` does not exist")]
    [InlineData("opt=set&type=cooling&device=system+fan&speed=9", HttpStatusCode.InternalServerError, "Failed to set Cooling state: given speed '9' exceeds maximum speed of '6'")]
    [InlineData("opt=set&type=flash", HttpStatusCode.BadRequest, "Missing `node` parameter")]
    [InlineData("opt=set&type=flash&node=0", HttpStatusCode.BadRequest, "Invalid `file` query parameter")]
    [InlineData("opt=set&type=flash&node=0&file=x", HttpStatusCode.LengthRequired, "Invalid `length` query parameter")]
    [InlineData("opt=set&type=flash&node=0&file=x&length=y", HttpStatusCode.BadRequest, "`length` parameter is not a number")]
    [InlineData("opt=set&type=flash&node=0&file=x&length=1&sha256=zz", HttpStatusCode.BadRequest, "`sha256` parameter contains invalid hex values: Invalid character found")]
    public async Task Refusals_are_enveloped_and_say_what_is_wrong(string query, HttpStatusCode status, string text)
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();

        var answer = await board.GetAsync(query);

        Assert.Equal((status, $$$"""{"response":[{"result":"{{{text}}}"}]}"""), answer);
    }

    [Fact]
    public async Task Of_a_repeated_key_the_last_value_counts()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();

        var (status, body) = await board.GetAsync("opt=set&type=clear_usb_boot&node=0&opt=get&type=power");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("node1", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Node_is_cut_to_eight_bits_before_it_is_looked_at()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();

        var answer = await board.GetAsync("opt=set&type=reset&node=256");

        Assert.Equal((HttpStatusCode.OK, """{"response":[{"result":"ok"}]}"""), answer);
        Assert.Equal(0b0001, board.Board.PoweredSlots);
    }

    [Fact]
    public async Task Wrong_method_is_405_with_nothing_but_the_allowed_ones()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();

        using var reply = await board.Raw.PostAsync("/api/bmc?opt=get&type=power", null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, reply.StatusCode);
        Assert.Equal(["GET", "POST"], reply.Content.Headers.Allow);
        Assert.Equal("", await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Any_other_path_is_the_web_page_with_200()
    {
        await using var board = await TestBoard.StartAsync();

        using var reply = await board.Raw.GetAsync("/metrics", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal("text/html", reply.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("2.3.7")]
    [InlineData("2.3.4")]
    [InlineData("2.0.5")]
    public void Every_listed_type_has_a_handler(string name)
    {
        var profile = BoardProfiles.Find(name)!;
        var table = new CallTable(profile);
        var hardware = new BoardHardware(new SimulatorOptions { Profile = profile, Password = "x", Pace = 0 }, TimeProvider.System);

        new PowerCalls(hardware, TimeProvider.System).Register(table);
        new UsbCalls(hardware, profile, new FlashMode(hardware)).Register(table);
        new ConsoleCalls(hardware, profile).Register(table);
        new BoardCalls(hardware, profile, TimeProvider.System, _ => { }).Register(table);

        Assert.Empty(profile.Readable.Except(table.Readable));
        Assert.Empty(profile.Writable.Except(table.Writable));
    }
}
