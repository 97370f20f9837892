using System.Text;
using Appliance.Router.Decoding;
using Appliance.Router.Flows;
using CsCheck;

namespace Appliance.Router.Tests.Flows;

/// <summary>The same log-ins whole, in pieces, in the wrong order and twice: they end the same.</summary>
public sealed class SplitLoginTests
{
    private const string Failed = nameof(LoginOutcome.Failed);
    private const string Succeeded = nameof(LoginOutcome.Succeeded);
    private const string Host = "Host: cam.example\r\nUser-Agent: plug/1.2\r\n";

    // root and xc3511, then a name and a password that no maker has shipped.
    private static readonly string Default = Convert.ToBase64String("root:xc3511"u8);
    private static readonly string Other = Convert.ToBase64String("bob:correct horse"u8);

    private static readonly Dictionary<string, (SplitDialog Dialog, (string, bool)[] Expected)> Dialogs = new()
    {
        ["ftp"] = (
            new(2121, SplitDialog.Server("220-Welcome to\r\n220 this FTP server\r\n"), SplitDialog.Client("USER root\r\n"), SplitDialog.Server("331 Password?\r\n"), SplitDialog.Client("PASS xc3511\r\n"),
                SplitDialog.Server("530-Login\r\n530 incorrect.\r\n"), SplitDialog.Client("user bob\r\n"), SplitDialog.Server("331 Password?\r\n"), SplitDialog.Client("pass correct horse\r\n"), SplitDialog.Server("230 In\r\n")),
            [(Failed, true), (Succeeded, false)]),
        ["ftp behind a greeting of mail"] = (
            new(2121, SplitDialog.Server("220 box ready\r\n"), SplitDialog.Client("USER root\r\nPASS xc3511\r\n"), SplitDialog.Server("331 Password?\r\n530 no\r\n")),
            [(Failed, true)]),
        ["telnet by options"] = (
            new(2323, SplitDialog.Server("\u00ff\u00fd\u0018\u00ff\u00fd\u0020"), SplitDialog.Client("\u00ff\u00fb\u0018\u00ff\u00fa\u0018\0xterm\u00ff\u00f0"), SplitDialog.Server("\r\nbox login: "), SplitDialog.Client("root\r\n"),
                SplitDialog.Server("root\r\nPassword: "), SplitDialog.Client("xc3511\r\n"), SplitDialog.Server("\r\nLogin incorrect\r\nbox login: "), SplitDialog.Client("bob\r\0"), SplitDialog.Server("bob\r\nPassword: "),
                SplitDialog.Client("correct horse\r\0"), SplitDialog.Server("\r\nLast failed login: Sat Nov 27\r\nThere were 3 failed login attempts since the last successful login.\r\n# "), SplitDialog.Client("ls\r\n")),
            [(Failed, true), (Succeeded, false)]),
        ["telnet by words"] = (
            new(2323, SplitDialog.Server("Welcome to the box\r\nbox login: "), SplitDialog.Client("root\n"), SplitDialog.Server("Password:"), SplitDialog.Client("xc3511\n"),
                SplitDialog.Server("\r\nWelcome to the box\r\nbox login: "), SplitDialog.Client("bob\n"), SplitDialog.Server("Password:"), SplitDialog.Client("correct horse\n"), SplitDialog.Server("\r\nBusyBox v1.30 #1\r\n/ # "), SplitDialog.Client("sh\n")),
            [(Failed, true), (Succeeded, false)]),
        ["telnet that asks again at once"] = (
            new(2323, SplitDialog.Server("\u00ff\u00fb\u0001Username: "), SplitDialog.Client("root\r\n"), SplitDialog.Server("Password: "), SplitDialog.Client("xc3511\r\n"), SplitDialog.Server("\r\nPassword: "), SplitDialog.Client("vizxv\r\n"), SplitDialog.Server("\r\nUsername: ")),
            [(Failed, true), (Failed, true)]),
        ["http"] = (
            new(8080, SplitDialog.Client($"GET / HTTP/1.1\r\n{Host}Authorization: Basic {Default}\r\n\r\n"), SplitDialog.Server("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno"),
                SplitDialog.Client($"POST /in HTTP/1.1\r\nContent-Length: 21\r\nauthorization: basic {Other}\r\n{Host}\r\nGET / HTTP/1.1\r\nbody\r"), SplitDialog.Server("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")),
            [(Failed, true), (Succeeded, false)]),
        ["http after a body in chunks"] = (
            new(8080, SplitDialog.Client($"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n{Host}\r\n3\r\nPUT\r\n0\r\n\r\n"), SplitDialog.Server("HTTP/1.1 401 Unauthorized\r\n\r\n"),
                SplitDialog.Client($"PUT / HTTP/1.1\r\nAuthorization: Digest username=\"{new string('x', 700)}\"\r\n\r\n"), SplitDialog.Server("HTTP/1.1 401 Unauthorized\r\n\r\n")),
            [(Failed, false)]),
        ["mqtt"] = (
            new(1883, (true, Connect(4, 0xc2, "cam", "root", "xc3511")), (false, [0x20, 2, 0, 5])),
            [(Failed, true)]),
        ["mqtt 5 with a long name of the client"] = (
            new(1883, (true, Connect(5, 0xc2, new string('c', 300), "bob", "correct horse")), (false, [0x20, 0x83, 1, 0, 0, .. new byte[128]])),
            [(Succeeded, false)]),
    };

    public static TheoryData<string> Names => [.. Dialogs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Whole(string name) => AssertOutcomes(name, (_, _) => [Range.All]);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_byte_at_a_time(string name) => AssertOutcomes(name, (_, bytes) => Enumerable.Range(0, bytes.Length).Select(place => place..(place + 1)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Cut_at_every_place(string name) =>
        ForEachCut(name, (turn, place) => AssertOutcomes(name, (each, _) => each == turn ? [(..place), (place..)] : [Range.All]));

    [Theory]
    [MemberData(nameof(Names))]
    public void With_the_second_half_first(string name) =>
        ForEachCut(name, (turn, place) => AssertOutcomes(name, (each, _) => each == turn ? [(place..), (..place)] : [Range.All]));

    [Theory]
    [MemberData(nameof(Names))]
    public void Backwards_a_byte_at_a_time(string name) =>
        AssertOutcomes(name, (_, bytes) => Enumerable.Range(0, bytes.Length).Reverse().Select(place => place..(place + 1)));

    [Theory]
    [MemberData(nameof(Names))]
    public void With_each_part_sent_again(string name) =>
        ForEachCut(name, (turn, place) => AssertOutcomes(name, (each, _) => each == turn ? [(..place), (..place), (place..), Range.All, (place..)] : [Range.All, Range.All]));

    // Any pieces in any order, some of them twice.
    [Fact]
    public void In_any_pieces_and_order()
    {
        var names = Dialogs.Keys.ToArray();

        Gen.Select(Gen.Int[0, names.Length - 1], Gen.Int[1, 40].Array[1, 12], Gen.Int).Sample(
            (which, lengths, seed) =>
            {
                var random = new Random(seed);
                AssertOutcomes(names[which], (_, bytes) =>
                {
                    var parts = new List<Range>();
                    for (var (start, i) = (0, 0); start < bytes.Length; i++)
                    {
                        var end = Math.Min(bytes.Length, start + lengths[i % lengths.Length]);
                        parts.Add(start..end);
                        start = end;
                    }

                    var order = parts.Concat(parts.Where(_ => random.Next(4) == 0)).ToArray();
                    random.Shuffle(order);
                    return order;
                });
            },
            iter: 2_000,
            threads: 1);
    }

    [Fact]
    public void What_the_server_has_received_unseen_is_not_waited_for()
    {
        var wire = new Wire();
        var dialog = new SplitDialog(
            2121, SplitDialog.Server("220 FTP\r\n"), SplitDialog.Client("USER root\r\n"), SplitDialog.Server("331 Password?\r\n"), SplitDialog.Client("PASS xc3511\r\n"), SplitDialog.Server("530 no\r\n"));

        var outcomes = dialog.Say(wire, (turn, _) => turn == 1 ? [] : [Range.All]);

        Assert.Equal([(Failed, false)], outcomes);
    }

    [Fact]
    public void A_gap_that_never_closes_takes_the_room_of_one_stream()
    {
        var wire = new Wire();
        byte[] filler = [.. Enumerable.Repeat((byte)'x', 1000)];
        var dialog = new SplitDialog(
            2121, SplitDialog.Server("220 FTP\r\n"), SplitDialog.Client("NOOP"), (true, [.. filler, .. filler, .. filler, .. filler, .. filler, (byte)'\n']), SplitDialog.Client("PASS x\r\n"), SplitDialog.Server("530 no\r\n"));

        var outcomes = dialog.Say(wire, (turn, _) => turn switch
        {
            1 => [],
            2 => [(..1000), (1000..2000), (2000..3000), (3000..4000), (4000..)],
            _ => [Range.All],
        });

        Assert.Equal([(Failed, false)], outcomes);
    }

    [Fact]
    public void Flows_that_end_give_the_room_of_their_pieces_back()
    {
        var wire = new Wire(new FlowOptions { Capacity = 4096, ReadStreams = 64 });
        for (var port = 1; port <= 200; port++)
        {
            wire.Tcp(port, Wire.Client, port, Wire.Server, 21, "S", sequence: 100).Tcp(port, Wire.Server, 21, Wire.Client, port, "SA", sequence: 500, acknowledgment: 101)
                .Tcp(port, Wire.Server, 21, Wire.Client, port, "PA", "220 FTP\r\n"u8.ToArray(), sequence: 501, acknowledgment: 101)
                .Tcp(port, Wire.Client, port, Wire.Server, 21, "PA", "ER root\r\n"u8.ToArray(), sequence: 103, acknowledgment: 510)
                .Tcp(port, Wire.Client, port, Wire.Server, 21, "R", sequence: 112);
        }

        Assert.Equal(0, wire.Path.Totals.UnreadFacts);
    }

    private static void ForEachCut(string name, Action<int, int> assert)
    {
        foreach (var (turn, (_, bytes)) in Dialogs[name].Dialog.Turns.Index())
        {
            for (var place = 1; place < bytes.Length; place++)
            {
                assert(turn, place);
            }
        }
    }

    private static void AssertOutcomes(string name, Func<int, byte[], IEnumerable<Range>> cut)
    {
        var wire = new Wire(new FlowOptions { Capacity = 1024, TrackedLogins = 64, ReadStreams = 64, FirstBytesFlows = 64 });
        var (dialog, expected) = Dialogs[name];

        var outcomes = dialog.Say(wire, cut);

        Assert.Equal(expected, outcomes);
        Assert.Equal(expected.Any(outcome => outcome.Item2), wire.LastTold.TriesDefaultCredentials);
    }

    private static byte[] Connect(byte version, byte flags, string client, string name, string password)
    {
        byte[] properties = version == 5 ? [3, 0x21, 0, 9] : [];
        byte[] rest = [.. Text("MQTT"), version, flags, 0, 60, .. properties, .. Text(client), .. Text(name), .. Text(password)];
        return rest.Length < 128 ? [0x10, (byte)rest.Length, .. rest] : [0x10, (byte)(rest.Length | 0x80), (byte)(rest.Length >> 7), .. rest];
    }

    private static byte[] Text(string text) => [(byte)(text.Length >> 8), (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
}
