using System.Net;
using System.Text.Json;
using Appliance.Bmc.Simulation;

namespace Appliance.Bmc.Tests.Simulation;

public sealed class ProfileTests
{
    [Theory]
    [InlineData("2.0.5", """{"api":"1.1","build_version":"2.0.5","buildroot":"Buildroot 2022.08-git","buildtime":"2023-12-21 15:18:06-00:00","version":"2.0.5"}""")]
    [InlineData("2.3.4", """{"api":"1.1","board_model":"Turing Pi 2\u0000\u0000\u0000\u0000\u0000","board_revision":"v2.4.0","build_version":"2.1.0","buildroot":"Buildroot 2024.05.3","buildtime":"2025-01-14 09:35:02-00:00","hostname":"turingpi","version":"2.3.4"}""")]
    public async Task Generations_tell_their_daemon_under_another_name(string profile, string about)
    {
        await using var board = await StartAsync(profile);
        await board.LogInAsync();

        var result = await board.ResultAsync("opt=get&type=about");

        Assert.Equal(about, result);
    }

    [Theory]
    [InlineData("2.0.5", """[{"mode":"Flash","node":"Node 2","route":"UsbA"}]""")]
    [InlineData("2.3.4", """[{"mode":"Flash","node":"Node 2","route":"AlternativePort","bus_type":"Single bus"}]""")]
    public async Task Usb_is_told_with_the_names_of_its_time(string profile, string usb)
    {
        await using var board = await StartAsync(profile);
        await board.LogInAsync();

        await board.GetAsync("opt=set&type=usb&node=1&mode=2");

        Assert.Equal(usb, await board.ResultAsync("opt=get&type=usb"));
    }

    [Theory]
    [InlineData("node_info")]
    [InlineData("cooling")]
    [InlineData("usb_node1")]
    public async Task Old_daemon_does_not_know_what_came_later(string type)
    {
        await using var board = await StartAsync("2.0.5");
        await board.LogInAsync();

        var answer = await board.GetAsync($"opt=get&type={type}");

        Assert.Equal((HttpStatusCode.BadRequest, $$$"""{"response":[{"result":"Invalid `type` parameter {{{type}}}"}]}"""), answer);
    }

    [Theory]
    [InlineData("2.0.5", true)]
    [InlineData("2.3.4", false)]
    public async Task Old_daemon_empties_a_console_that_is_read(string profile, bool isEmpty)
    {
        await using var board = await StartAsync(profile);
        await board.LogInAsync();
        await board.GetAsync("opt=set&type=power&node1=1");

        await board.GetAsync("opt=get&type=uart&node=0");
        var (_, again) = await board.GetAsync("opt=get&type=uart&node=0");

        Assert.Equal(isEmpty, again == """{"response":[{"uart":""}]}""");
    }

    [Fact]
    public async Task Old_daemon_takes_a_short_upload_and_fails_afterwards_with_the_slot_left_on()
    {
        await using var board = await StartAsync("2.0.5");
        await board.LogInAsync();
        var handle = await board.BeginAsync("opt=set&type=flash&node=0&file=x.img&length=5000");

        using var upload = await board.UploadAsync(handle, new byte[3500]);
        var end = await board.WaitForTransferAsync(body => body.StartsWith("{\"Error\"", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.OK, upload.StatusCode);
        Assert.Equal("""{"Error":"missing 1.5 kB bytes"}""", end);
        Assert.Equal(0b0001, board.Board.PoweredSlots);
    }

    [Fact]
    public async Task Old_daemon_passes_over_a_digest_and_a_wish_not_to_verify()
    {
        await using var board = await StartAsync("2.0.5");
        board.Board.Faults.VerifyFailures = 1;
        await board.LogInAsync();
        var handle = await board.BeginAsync("opt=set&type=flash&node=0&file=x.img&length=5&skip_crc&sha256=00");

        using var upload = await board.UploadAsync(handle, "image"u8.ToArray());
        var end = await board.WaitForTransferAsync(body => body.StartsWith("{\"Error\"", StringComparison.Ordinal));

        Assert.StartsWith("""{"Error":"crc error. expected """, end, StringComparison.Ordinal);
    }

    [Fact]
    public async Task First_firmware_answers_numbers_without_wrapper_or_log_in()
    {
        await using var board = await StartAsync("v1");

        using var set = await board.Raw.PostAsync("/api/bmc?opt=SET&type=Power&node2=1", null, TestContext.Current.CancellationToken);
        using var reply = await board.Raw.GetAsync("/api/bmc?opt=get&type=power", TestContext.Current.CancellationToken);

        Assert.Equal("http", board.Board.Address.Scheme);
        Assert.Equal("text/plain", reply.Content.Headers.ContentType?.MediaType);
        Assert.Equal("""{"response":[{"result":"ok"}]}""", await set.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(
            "{\n\t\"response\":\t[{\n\t\t\t\"node1\":\t0,\n\t\t\t\"node2\":\t1,\n\t\t\t\"node3\":\t0,\n\t\t\t\"node4\":\t0\n\t\t}]\n}",
            await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task First_firmware_never_ends_the_answer_to_an_unknown_type()
    {
        await using var board = await StartAsync("v1");

        using var reply = await board.Raw.GetAsync("/api/bmc?opt=get&type=about", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var body = reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var others = await board.GetAsync("opt=get&type=usb");

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.False(body.IsCompleted);
        Assert.Equal(0, JsonDocument.Parse(others.Body).RootElement.GetProperty("response")[0].GetProperty("node").GetInt32());
    }

    private static Task<TestBoard> StartAsync(string profile) =>
        TestBoard.StartAsync(with: options => options with { Profile = BoardProfiles.Find(profile)! });
}
