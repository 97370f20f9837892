using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Simulation.Facts;

/// <summary>The query grammar and the calls that carry no file.</summary>
internal static class CallFacts
{
    private const string Hub = "2.3.7";
    private const string OneBus = "2.3.4";

    public static IEnumerable<Fact> All() => [.. Grammar(), .. Power(), .. Notes(), .. Usb(), .. Console(), .. Board()];

    private static IEnumerable<Fact> Grammar() =>
    [
        Fact.Refused("grammar", Fact.Secure, "GET ?", 400, "Missing `opt` parameter"),
        Fact.Refused("grammar", Fact.Secure, "GET ?opt=Get&type=power", 400, "Missing `opt` parameter"),
        Fact.Refused("grammar", Fact.Secure, "GET ?opt=get", 400, "Missing `type` parameter"),
        Fact.Refused("grammar", Fact.Secure, "GET ?opt=get&type=Power", 400, "Invalid `type` parameter Power"),
        Fact.Refused("grammar", Fact.Secure, "GET ?opt=get&type=reset", 400, "Invalid `type` parameter reset"),
        Fact.Refused("grammar", Fact.Secure, "GET ?opt=set&type=other", 400, "Invalid `type` parameter other"),
        Fact.Refused("grammar", Fact.Secure, "GET ?opt=set&type=reset", 400, "Missing `node` parameter"),
        Fact.Refused("grammar", Fact.Secure, "GET ?opt=set&type=reset&node=one", 400, "Parameter `node` is not a number"),
        Fact.Refused("grammar", Fact.Secure, "GET ?opt=set&type=reset&node=4", 400, "Parameter `node` is out of range 0..3 of node IDs"),
        Fact.Refused("grammar", Fact.Secure, "GET ?opt=set&type=reset&node=-1", 400, "Parameter `node` is out of range 0..3 of node IDs"),
        Fact.Enveloped("grammar", Fact.Secure, "GET ?type=reset&node=256&opt=set", "\"ok\""),
        Fact.Enveloped("grammar", Fact.Secure, "GET ?opt=set&type=clear_usb_boot&node=0&opt=set&type=reset&node=0", "\"ok\""),
        Fact.Answer("grammar", Fact.Secure, "GET ?x=opt=get&y=type=flash", 200, "text/plain", "\"Ready\""),
    ];

    private static IEnumerable<Fact> Power() =>
    [
        Fact.Enveloped("power", Fact.Secure, "GET ?opt=set&type=power&node1=1&node3=0 ; GET ?opt=get&type=power", """[{"node1":"1","node2":"0","node3":"0","node4":"0"}]"""),
        Fact.Enveloped("power", Fact.Secure, "GET ?opt=set&type=power&node4=1", "\"ok\""),
        Fact.Refused("power", Fact.Secure, "GET ?opt=set&type=power&node1=on", 400, "Invalid value `on` for parameter `node1`"),
        Fact.Refused("power", Fact.Secure, "GET ?opt=set&type=power", 500, "Failed to set power state: Condition failed: `mask != 0`"),
        Fact.Enveloped("power", Fact.Secure, "GET ?opt=set&type=reset&node=0", "\"ok\""),
        new("power", Fact.Secure, "reset of a slot that is off powers it and `power` still says off", async (board, _) =>
        {
            await board.GetAsync("opt=set&type=reset&node=3");
            Assert.Equal(0b1000, board.Board.PoweredSlots);
            Assert.Equal("""[{"node1":"0","node2":"0","node3":"0","node4":"0"}]""", await board.ResultAsync("opt=get&type=power"));
        }),
        new("power", Fact.Secure, "a daemon that starts re-applies what was stored", async (board, _) =>
        {
            await board.GetAsync("opt=set&type=power&node2=1");
            await board.Board.RestartDaemonAsync(orderly: true, TimeSpan.Zero, TestContext.Current.CancellationToken);
            Assert.Equal(0b0010, board.Board.PoweredSlots);
        }),
        new("power", Fact.Secure, "a killed daemon forgets the last three seconds", async (board, _) =>
        {
            await board.GetAsync("opt=set&type=power&node2=1");
            await board.Board.RestartDaemonAsync(orderly: false, TimeSpan.Zero, TestContext.Current.CancellationToken);
            Assert.Equal(0, board.Board.PoweredSlots);
        }),
    ];

    private static IEnumerable<Fact> Notes() =>
    [
        Fact.Enveloped("notes", Fact.Secure, "GET ?opt=get&type=nodeinfo", """[{"node1":0,"node2":0,"node3":0,"node4":0}]"""),
        Fact.Refused("notes", Fact.Secure, "GET ?opt=set&type=nodeinfo", 501, "Method type `set` on parameter `nodeinfo` is deprecated"),
        Fact.Answer("notes", "2.0.5", """POST ?opt=set&type=node_info {"Node1":{}}""", 405, null, ""),
        Fact.Answer("notes", Fact.Newer, """POST ?opt=set&type=node_info {"Node1":{"name":"a"}}""", 200, null, ""),
        Fact.Answer("notes", Fact.Newer, "POST ?opt=set&type=node_info {", 400, "text/plain", "~^Json deserialize error"),
        Fact.Answer("notes", Fact.Newer, """POST ?opt=set&type=node_info {"node1":{}}""", 400, "text/plain", "~Node1"),
        Fact.Enveloped(
            "notes",
            Fact.Newer,
            """POST ?opt=set&type=node_info {"Node1":{"name":"a","module_name":"cm4","uart_baud":9600}} ; POST ?opt=set&type=node_info {"Node1":{"name":null,"power_on_time":7}} ; GET ?opt=get&type=node_info""",
            """[{"name":"a","module_name":"cm4","power_on_time":null,"uart_baud":9600},{"name":null,"module_name":null,"power_on_time":null,"uart_baud":null},{"name":null,"module_name":null,"power_on_time":null,"uart_baud":null},{"name":null,"module_name":null,"power_on_time":null,"uart_baud":null}]"""),
        new("notes", Fact.Newer, "power_on_time starts again for slots 2 to 4 when they are set on twice, and for them at each start of the daemon", PowerOnTimeAsync),
    ];

    private static IEnumerable<Fact> Usb() =>
    [
        Fact.Enveloped("usb", Hub, "GET ?opt=get&type=usb", """[{"mode":"Device","node":"Node 1","route":"AlternativePort","bus_type":"Usb hub"}]"""),
        Fact.Enveloped("usb", OneBus, "GET ?opt=get&type=usb", """[{"mode":"Device","node":"Node 1","route":"AlternativePort","bus_type":"Single bus"}]"""),
        Fact.Enveloped("usb", "2.0.5", "GET ?opt=get&type=usb", """[{"mode":"Device","node":"Node 1","route":"UsbA"}]"""),
        .. UsbModes(OneBus, "AlternativePort", ",\"bus_type\":\"Single bus\""),
        .. UsbModes("2.0.5", "UsbA", ""),
        Fact.Refused("usb", Hub, "GET ?opt=set&type=usb&node=0&mode=0", 500, "Failed to set USB mode: Selecting one of the nodes as USB Host role is not supported by the current hardware"),
        Fact.Refused("usb", Hub, "GET ?opt=set&type=usb&node=0&mode=4", 500, "Failed to set USB mode: Selecting one of the nodes as USB Host role is not supported by the current hardware"),
        Fact.Dropped("usb", Fact.Secure, "GET ?opt=set&type=usb&node=0&mode=3"),
        Fact.Dropped("usb", Fact.Secure, "GET ?opt=set&type=usb&node=0&mode=7"),
        Fact.Refused("usb", Fact.Secure, "GET ?opt=set&type=usb&node=0", 400, "Missing `mode` parameter"),
        Fact.Refused("usb", Fact.Secure, "GET ?opt=set&type=usb&node=0&mode=x", 400, "Parameter `mode` is not a number"),
        Fact.Enveloped("usb", Hub, "GET ?opt=set&type=usb_node1&alternative_port ; GET ?opt=get&type=usb_node1", "true"),
        Fact.Enveloped("usb", Hub, "GET ?opt=set&type=usb_node1 ; GET ?opt=get&type=usb_node1", "false"),
        Fact.Answer("usb", OneBus, "GET ?opt=set&type=usb_node1", 500, "application/json", "~This command is only available on v2.5\\+ boards"),
        Fact.Enveloped("usb", Fact.Secure, "GET ?opt=set&type=usb_boot&node=3", "\"ok\""),
        new("usb", Fact.Secure, "clear_usb_boot clears all four, whatever node it names", async (board, _) =>
        {
            await board.GetAsync("opt=set&type=usb_boot&node=1");
            await board.GetAsync("opt=set&type=usb_boot&node=3");
            Assert.Equal(0b1010, board.Board.Hardware.BootPins);
            await board.GetAsync("opt=set&type=clear_usb_boot&node=0");
            Assert.Equal(0, board.Board.Hardware.BootPins);
        }),
        new("usb", Fact.Secure, "a boot pin counts at the next power-on: the module then boots nothing", async (board, _) =>
        {
            await board.GetAsync("opt=set&type=usb_boot&node=0");
            await board.GetAsync("opt=set&type=reset&node=0");
            Assert.False(board.Board.Hardware.HasBooted(0));
            await board.GetAsync("opt=set&type=clear_usb_boot");
            await board.GetAsync("opt=set&type=reset&node=0");
            Assert.True(board.Board.Hardware.HasBooted(0));
        }),
        Fact.Enveloped("usb", Fact.Secure, "GET ?opt=set&type=node_to_msd&node=0", "\"ok\""),
        Fact.Answer("usb", Fact.Secure, "GET ?opt=set&type=node_to_msd&node=2", 500, "application/json", "~Failed to Compute module's USB interface not found or supported: "),
        new("usb", Fact.Secure, "node_to_msd leaves the slot on in flash mode", async (board, _) =>
        {
            await board.GetAsync("opt=set&type=node_to_msd&node=1");
            Assert.Equal(0b0010, board.Board.PoweredSlots);
            Assert.True(board.Board.Hardware.UsbPins is { Node: 1, ToBmc: true, Role: Appliance.Bmc.Simulation.UsbRole.Flash });
        }),
    ];

    private static IEnumerable<Fact> UsbModes(string profile, string route, string bus) =>
        new[] { (0, "Host", false), (1, "Device", false), (2, "Flash", false), (4, "Host", true), (5, "Device", true), (6, "Flash", true) }.Select(mode =>
            Fact.Enveloped(
                "usb",
                profile,
                $"GET ?opt=set&type=usb&node=1&mode={mode.Item1} ; GET ?opt=get&type=usb",
                $$"""[{"mode":"{{mode.Item2}}","node":"Node 2","route":"{{(mode.Item3 ? "Bmc" : route)}}"{{bus}}}]"""));

    private static IEnumerable<Fact> Console() =>
    [
        Text(Fact.Secure, "GET ?opt=set&type=power&node1=1 ; GET ?opt=set&type=uart&node=0&cmd=uname%20-a ; GET ?opt=get&type=uart&node=0", "\\r\\nStarting kernel ...\\r\\n\\r\\nslot1 login: uname -a\\r\\n"),
        Text("2.0.5", "GET ?opt=set&type=power&node1=1 ; GET ?opt=get&type=uart&node=0 ; GET ?opt=get&type=uart&node=0", ""),
        Text(Fact.Newer, "GET ?opt=set&type=power&node1=1 ; GET ?opt=get&type=uart&node=0 ; GET ?opt=get&type=uart&node=0", "\\r\\nStarting kernel ...\\r\\n\\r\\nslot1 login: "),
        .. new[] { "utf8", "utf16", "utf16le", "utf16be", "utf32", "utf32le", "utf32be" }.Select(encoding =>
            Text(Fact.Secure, $"GET ?opt=get&type=uart&node=0&encoding={encoding}", "")),
        .. new (string Name, System.Text.Encoding Is)[]
        {
            ("utf8", System.Text.Encoding.UTF8),
            ("utf16", System.Text.Encoding.Unicode),
            ("utf16le", System.Text.Encoding.Unicode),
            ("utf16be", System.Text.Encoding.BigEndianUnicode),
            ("utf32", System.Text.Encoding.UTF32),
            ("utf32le", System.Text.Encoding.UTF32),
            ("utf32be", new System.Text.UTF32Encoding(bigEndian: true, byteOrderMark: false)),
        }.Select(encoding => new Fact("console", Fact.Secure, $"what a module writes is read as {encoding.Name} when asked", async (board, _) =>
        {
            board.Board.Hardware.Console(0).Write(encoding.Is.GetBytes("gr\u00FC\u00DFe"));
            using var document = JsonDocument.Parse((await board.GetAsync($"opt=get&type=uart&node=0&encoding={encoding.Name}")).Body);
            Assert.Equal("gr\u00FC\u00DFe", document.RootElement.GetProperty("response")[0].GetProperty("uart").GetString());
        })),
        Fact.Refused("console", Fact.Secure, "GET ?opt=get&type=uart&node=0&encoding=latin1", 400, "Invalid `encoding` parameter. Expected: utf8, utf16, utf16le, utf16be, utf32, utf32le, utf32be"),
        Fact.Refused("console", Fact.Secure, "GET ?opt=get&type=uart", 400, "Missing `node` parameter"),
        Fact.Refused("console", Fact.Secure, "GET ?opt=set&type=uart&node=0", 400, "Missing `cmd` parameter"),
        Fact.Answer("console", Fact.Newer, "POST /api/bmc/serial/status", 200, "text/plain", """["Running","Running","Running","Running"]"""),
        new("console", Fact.Secure, "16 KiB are kept, and bytes that are no text become U+FFFD", async (board, _) =>
        {
            board.Board.WriteConsole(1, new string('a', 20_000));
            board.Board.Hardware.Console(0).Write([0xFF]);
            using var document = JsonDocument.Parse((await board.GetAsync("opt=get&type=uart&node=0")).Body);
            Assert.Equal(new string('a', 16_383) + "\uFFFD", document.RootElement.GetProperty("response")[0].GetProperty("uart").GetString());
        }),
        new("console", Fact.Newer, "a websocket hand-shake is not answered until its session is over", async (board, _) =>
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/api/bmc/serial/ws?node=0");
            request.Headers.Connection.Add("Upgrade");
            request.Headers.Upgrade.Add(new("websocket"));
            await Assert.ThrowsAsync<HttpRequestException>(() => board.Raw.SendAsync(request, TestContext.Current.CancellationToken));
        }),
    ];

    private static IEnumerable<Fact> Board() =>
    [
        Fact.Enveloped("board", "2.3.7", "GET ?opt=get&type=other", """[{"api":"1.1","buildroot":"\"Buildroot 2024.05.3\"","buildtime":"2025-02-23 11:12:19-00:00","ip":"192.0.2.10","mac":"02:00:00:54:50:02","version":"2.1.0"}]"""),
        Fact.Enveloped("board", "2.3.4", "GET ?opt=get&type=other", """[{"api":"1.1","build_version":"2.1.0","buildroot":"\"Buildroot 2024.05.3\"","buildtime":"2025-01-14 09:35:02-00:00","ip":"Unknown","mac":"Unknown","version":"2.3.4"}]"""),
        Fact.Enveloped("board", "2.0.5", "GET ?opt=get&type=other", """[{"api":"1.1","build_version":"2.0.5","buildroot":"\"Buildroot 2022.08-git\"","buildtime":"2023-12-21 15:18:06-00:00","ip":"192.0.2.10","mac":"02:00:00:54:50:02","version":"2.0.5"}]"""),
        Fact.Answer("board", Fact.Secure, "GET /api/bmc/info", 200, "application/json", "~\"api\":\"1\\.1\""),
        Fact.Enveloped("board", "2.0.5 2.3.7", "GET ?opt=get&type=info", """{"ip":[{"device":"br0","ip":"192.0.2.10","mac":"02:00:00:54:50:02"}],"storage":[{"name":"BMC","total_bytes":91004928,"bytes_free":87715840}]}"""),
        Fact.Answer("board", "2.3.4", "GET ?opt=get&type=info", 200, "application/json", "~\"ip\":\"2001:db8::10\""),
        Fact.Refused("board", Fact.Secure, "GET ?opt=get&type=sdcard", 400, "Failed to get microSD card info: {}"),
        new("board", Fact.Secure, "sdcard and info with a card", (board, _) => CardAsync(board)),
        Fact.Refused("board", Fact.Secure, "GET ?opt=set&type=sdcard", 501, "microSD card formatting is not implemented"),
        Fact.Enveloped("board", Hub, "GET ?opt=set&type=cooling&device=system%20fan&speed=6 ; GET ?opt=get&type=cooling", """[{"device":"system fan","speed":6,"max_speed":6}]"""),
        Fact.Enveloped("board", OneBus, "GET ?opt=set&type=cooling&device=cooling_device0&speed=10 ; GET ?opt=get&type=cooling", """[{"device":"cooling_device0","speed":10,"max_speed":10}]"""),
        Fact.Refused("board", Hub, "GET ?opt=set&type=cooling&device=system%20fan&speed=9", 500, "Failed to set Cooling state: given speed '9' exceeds maximum speed of '6'"),
        Fact.Refused("board", Fact.Newer, "GET ?opt=set&type=cooling&device=x&speed=1", 500, "Failed to set Cooling state: cooling device: `x` does not exist"),
        Fact.Refused("board", Fact.Newer, "GET ?opt=set&type=cooling&speed=1", 400, "Missing `device` parameter"),
        Fact.Refused("board", Fact.Newer, "GET ?opt=set&type=cooling&device=x", 400, "Missing `speed` parameter"),
        Fact.Refused("board", Fact.Newer, "GET ?opt=set&type=cooling&device=x&speed=fast", 400, "`speed` parameter is not a number"),
        new("board", Hub, "the fan's speed is kept over a restart of the daemon", async (board, _) =>
        {
            await board.GetAsync("opt=set&type=cooling&device=system%20fan&speed=4");
            await board.Board.RestartDaemonAsync(orderly: true, TimeSpan.Zero, TestContext.Current.CancellationToken);
            await board.LogInAsync();
            Assert.Equal("""[{"device":"system fan","speed":4,"max_speed":6}]""", await board.ResultAsync("opt=get&type=cooling"));
        }),
        Fact.Enveloped("board", Fact.Secure, "GET ?opt=set&type=network&cmd=reset", "\"ok\""),
        new("board", Fact.Secure, "network breaks the connections a second after its answer", BreaksAsync),
        Fact.Answer("board", Fact.Secure, "GET /api/bmc/backup", 200, "application/gzip", "~^\\u001F"),
        new("board", Fact.Secure, "backup is an attachment that is named by its day", async (board, _) =>
        {
            using var reply = await Fact.SendAsync(board, "GET /api/bmc/backup");
            Assert.Matches(
                "^attachment; filename=\"tp2-backup-[0-9]{2}-[0-9]{2}-[0-9]{4}\\.tar\\.gz\"$",
                reply.Content.Headers.NonValidated["Content-Disposition"].ToString());
        }),
        new("board", Fact.Secure, "reload is answered and then done", (board, _) => RestartsAsync(board, "reload")),
        new("board", Fact.Secure, "reboot is answered and then done", (board, _) => RestartsAsync(board, "reboot")),
    ];

    private static Fact Text(string profiles, string calls, string text) =>
        Fact.Answer("console", profiles, calls, 200, "application/json", $$"""{"response":[{"uart":"{{text}}"}]}""");

    private static async Task CardAsync(TestBoard board)
    {
        Assert.Equal("""[{"total":67108864,"use":0,"free":67108864}]""", await board.ResultAsync("opt=get&type=sdcard"));
        Assert.EndsWith("""{"name":"SD card","total_bytes":67108864,"bytes_free":67108864}]}""", await board.ResultAsync("opt=get&type=info"), StringComparison.Ordinal);
    }

    private static async Task BreaksAsync(TestBoard board, FakeTimeProvider clock)
    {
        var handle = await board.BeginAsync("opt=set&type=flash&node=0&file=x.img&length=5");
        board.Board.Faults.StallUploadAt = 0;
        await board.GetAsync("opt=set&type=network");
        var upload = board.UploadAsync(handle, new byte[5]);
        await Clocks.UntilAsync(() => board.Board.Faults.StallUploadAt is null);

        await Clocks.AdvanceUntilAsync(clock, TimeSpan.FromSeconds(1), () => upload.IsCompleted);

        await Assert.ThrowsAsync<HttpRequestException>(() => upload);
    }

    private static async Task RestartsAsync(TestBoard board, string type)
    {
        var answer = await board.GetAsync($"opt=set&type={type}");
        await Clocks.UntilAsync(() => board.Board.Restarts == 1);

        Assert.Equal((HttpStatusCode.OK, Fact.Ok), answer);
        Assert.Equal(HttpStatusCode.Unauthorized, (await board.GetAsync("opt=get&type=power")).Status);
    }

    private static async Task PowerOnTimeAsync(TestBoard board, FakeTimeProvider clock)
    {
        await board.GetAsync("opt=set&type=power&node1=1&node2=1");
        clock.Advance(TimeSpan.FromSeconds(100));
        var before = await TimesAsync(board);
        await board.GetAsync("opt=set&type=power&node1=1&node2=1");
        var twice = await TimesAsync(board);
        clock.Advance(TimeSpan.FromSeconds(50));
        await board.Board.RestartDaemonAsync(orderly: true, TimeSpan.Zero, TestContext.Current.CancellationToken);
        await board.LogInAsync();

        Assert.Equal(((long?)100, (long?)100), before);
        Assert.Equal(((long?)100, (long?)0), twice);
        Assert.Equal(((long?)150, (long?)0), await TimesAsync(board));
    }

    private static async Task<(long? First, long? Second)> TimesAsync(TestBoard board)
    {
        using var nodes = JsonDocument.Parse(await board.ResultAsync("opt=get&type=node_info"));
        return (nodes.RootElement[0].GetProperty("power_on_time").Deserialize<long?>(), nodes.RootElement[1].GetProperty("power_on_time").Deserialize<long?>());
    }
}
