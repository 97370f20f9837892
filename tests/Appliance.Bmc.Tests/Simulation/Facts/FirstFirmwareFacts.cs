using System.Net;

namespace Appliance.Bmc.Tests.Simulation.Facts;

/// <summary>Firmware up to 1.1.0. Its answers come in tabs and lines, which do not count here.</summary>
internal static class FirstFirmwareFacts
{
    private const string Topic = "first firmware";
    private const string NoCard = """{"response":[{"result":"err:no sdcard"}]}""";

    public static IEnumerable<Fact> All() =>
    [
        Says("GET ?opt=get&type=power", """{"response":[{"node1":0,"node2":0,"node3":0,"node4":0}]}"""),
        Says("GET ?OPT=x&opt=GET&type=POWER", """{"response":[{"node1":0,"node2":0,"node3":0,"node4":0}]}"""),
        Says("POST ?opt=set&type=power&node2=1 ; DELETE ?opt=get&type=power", """{"response":[{"node1":0,"node2":1,"node3":0,"node4":0}]}"""),
        Says("GET ?opt=set&type=power&node2=1&node3=x ; GET ?opt=get&type=power", """{"response":[{"node1":0,"node2":1,"node3":0,"node4":0}]}"""),
        Says("GET ?opt=get&type=usb", """{"response":[{"mode":1,"node":0}]}"""),
        Says("GET ?opt=set&type=usb&node=2&mode=0 ; GET ?opt=get&type=usb", """{"response":[{"mode":0,"node":2}]}"""),
        Says("GET ?opt=set&type=usb&node=2", """{"response":[{"code":400,"result":"mode or node is null"}]}"""),
        Says("GET ?opt=get&type=sdcard", """{"response":[{"total":0,"free":0,"use":0}]}"""),
        Says("GET ?opt=get&type=other", """{"response":[{"version":"1.1.0","buildtime":"2023-07-28","ip":"192.0.2.10","mac":"02:00:00:54:50:02"}]}"""),
        Says("GET ?opt=get&type=nodeinfo", """{"response":[{"node1":"unknown","node2":"unknown","node3":"unknown","node4":"unknown"}]}"""),
        Says("GET ?opt=set&type=power&node1=1&node3=1&node4=1 ; GET ?opt=get&type=nodeinfo", """{"response":[{"node1":"[raspberry pi]","node2":"unknown","node3":"[jetson]-nano","node4":"unknown"}]}"""),
        Says("GET ?opt=set&type=power&node1=1 ; GET ?opt=get&type=uart", """{"response":[{"uart":"\r\nStarting kernel ...\r\n\r\nslot1 login: "}]}"""),
        Says("GET ?opt=set&type=power&node1=1 ; GET ?opt=get&type=uart ; GET ?opt=get&type=uart&node=0", """{"response":[{"uart":""}]}"""),
        Says("GET ?opt=set&type=uart&node=0&cmd=x", Fact.Ok),
        Says("GET ?opt=set&type=nonsense", Fact.Ok),
        Says("GET ?opt=set&type=reset&node=1", Fact.Ok),
        Says("GET ?opt=set&type=node_to_msd&node=1", Fact.Ok),
        Says("GET ?opt=set&type=clear_usb_boot", Fact.Ok + Fact.Ok),
        Says("POST ?opt=set&type=firmware", NoCard),
        Says("GET ?opt=set&type=flash&node=1", NoCard),
        Says("GET ?opt=set&type=flash", """{"response":[{"code":400,"result":"No node specified"}]}"""),
        Says("GET ?opt=get", """{"response":[{"code":400,"result":"opt type error"}]}"""),
        Says("GET ?opt=do&type=power", """{"response":[{"code":401,"result":"opt error"}]}"""),
        new(Topic, "v1", "it is plain HTTP with nothing on port 443 and no other port", (board, _) =>
        {
            Assert.Equal((Uri.UriSchemeHttp, "", null), (board.Board.Address.Scheme, board.Board.Fingerprint, board.Board.PlainAddress));
            return Task.CompletedTask;
        }),
        new(Topic, "v1", "reset switches a slot on that was off", async (board, _) =>
        {
            await board.GetAsync("opt=set&type=reset&node=1");
            Assert.Equal(0b0010, board.Board.PoweredSlots);
        }),
    ];

    private static Fact Says(string calls, string body) => new(Topic, "v1", calls, async (board, _) =>
    {
        var steps = calls.Split(" ; ");
        foreach (var step in steps[..^1])
        {
            (await Fact.SendAsync(board, step)).Dispose();
        }

        using var reply = await Fact.SendAsync(board, steps[^1]);
        Assert.Equal((HttpStatusCode.OK, "text/plain"), (reply.StatusCode, reply.Content.Headers.ContentType?.MediaType));
        Assert.Equal(body, (await Fact.ReadAsync(reply)).Replace("\n", "", StringComparison.Ordinal).Replace("\t", "", StringComparison.Ordinal));
    });
}
