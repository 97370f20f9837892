using System.Runtime.InteropServices;
using System.Text;
using Appliance.Router.Decoding;
using Appliance.Router.Flows;
using CsCheck;

namespace Appliance.Router.Tests.Decoding;

public sealed class DefaultCredentialTests
{
    // The first of each weight in Mirai's list, one with the longest name, one with the longest password, and those without any.
    private static readonly (string Name, string Password)[] Some =
    [
        ("root", "xc3511"), ("root", "vizxv"), ("root", "admin"), ("admin", "admin"), ("root", "888888"), ("root", "xmhdipc"), ("root", ""), ("user", "user"), ("admin", ""),
        ("admin", "1111"), ("Administrator", "meinsm"), ("administrator", "1234"), ("root", "7ujMko0vizxv"), ("mother", "fucker"),
    ];

    private static readonly (string Name, string Password)[] Others =
    [
        ("root", "correct horse"), ("Root", "xc3511"), ("root", "xc3511 "), ("xc3511", "root"), ("rootx", "c3511"), ("operator", "xc3511"), ("", "root"), ("root", "xc351"),
        (new string('r', 5000), "xc3511"), ("root", new string('x', 5000)),
    ];

    public static TheoryData<string, string, bool> Pairs()
    {
        var pairs = new TheoryData<string, string, bool>();
        pairs.AddRange([.. Some.Select(pair => (pair.Name, pair.Password, true)), .. Others.Select(pair => (pair.Name, pair.Password, false))]);
        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Ftp_knows_them(string name, string password, bool expected)
    {
        var dialog = new LoginDialog(ApplicationKind.Ftp).Server("220 FTP\r\n").Client($"USER {name}\r\n").Server("331 Password?\r\n").Client($"PASS {password}\r\n").Server("530 no\r\n");

        Assert.Equal(expected, dialog.IsDefault);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Telnet_knows_them(string name, string password, bool expected)
    {
        var dialog = new LoginDialog(ApplicationKind.Telnet).Server("box login: ").Client($"{name}\r\n").Server("Password: ").Client($"{password}\r\n").Server("\r\nLogin incorrect\r\n");

        Assert.Equal(expected, dialog.IsDefault);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Http_knows_them(string name, string password, bool expected)
    {
        var pair = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{name}:{password}"));
        var dialog = new LoginDialog(ApplicationKind.Http).Client($"GET / HTTP/1.1\r\nauthorization: basic  {pair}\r\nHost: cam\r\n\r\n").Server("HTTP/1.1 401 no\r\n\r\n");

        Assert.Equal(expected, dialog.IsDefault);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Mqtt_knows_them(string name, string password, bool expected)
    {
        byte[] properties = [3, 0x21, 0, 9];
        byte[] will = [.. Text("dead"), .. Text("gone")];
        byte[][] packets =
        [
            Connect(4, 0xc2, [.. Text("cam"), .. Text(name), .. Text(password)]),
            Connect(4, 0xc6, [.. Text("cam"), .. will, .. Text(name), .. Text(password)]),
            Connect(5, 0xc6, [.. properties, .. Text("cam"), .. properties, .. will, .. Text(name), .. Text(password)]),
        ];

        Assert.All(packets, packet => Assert.Equal(expected, new LoginDialog(ApplicationKind.Mqtt).Client(packet).Server([0x20, 2, 0, 4]).IsDefault));
    }

    [Fact]
    public void Each_try_is_judged_by_itself()
    {
        var dialog = new LoginDialog(ApplicationKind.Telnet)
            .Server("box login: ").Client("root\r\n").Server("Password: ").Client("vizxv\r\n").Server("\r\nLogin incorrect\r\nbox login: ")
            .Client("admin\r\n").Server("Password: ").Client("a real one\r\n").Server("\r\n# ").Client("ls\r\n");

        Assert.Equal([("Failed", true), ("Succeeded", false)], dialog.Tries);
    }

    // root and admin, in this order, are a pair of the list too.
    [Fact]
    public void The_name_after_a_refusal_is_no_password()
    {
        var dialog = new LoginDialog(ApplicationKind.Telnet)
            .Server("box login: ").Client("root\r\n").Server("Password: ").Client("wrong\r\n").Server("\r\nLogin incorrect\r\nbox login: ").Client("admin\r\n");

        Assert.False(dialog.IsDefault);
    }

    [Fact]
    public void A_program_that_does_not_wait_for_prompts_is_seen()
    {
        var dialog = new LoginDialog(ApplicationKind.Telnet).Server("box login: ").Client("root\nxc3511\n");

        Assert.True(dialog.IsDefault);
    }

    [Fact]
    public void Letters_that_are_sent_again_count_once()
    {
        var dialog = new LoginDialog(ApplicationKind.Telnet)
            .Server("box login: ").Client("ro").ClientAgain("root", known: 2).Client("\r\0").Server("Password: ").Client("vizxv\r\0").Server("\r\nLogin incorrect\r\n");

        Assert.True(dialog.IsDefault);
    }

    [Fact]
    public void A_name_with_a_hole_is_no_name()
    {
        var dialog = new LoginDialog(ApplicationKind.Telnet)
            .Server("box login: ").Client("roo").Lose(1).Client("t\r\n").Server("Password: ").Client("vizxv\r\n").Server("\r\nLogin incorrect\r\n");

        Assert.False(dialog.IsDefault);
    }

    // Commands between the letters, mistakes taken back, ends of lines as programs write them, segments divided anywhere, echo by the server.
    [Fact]
    public void Telnet_knows_them_however_they_are_typed()
    {
        var all = Some.Select(pair => (pair.Name, pair.Password, IsDefault: true)).Concat(Others.Take(6).Select(pair => (pair.Name, pair.Password, IsDefault: false))).ToList();
        string[] noise = ["", "", "\u00ff\u00fd\u0001", "\u00ff\u00fa\u0018\0xterm\u00ff\u00f0", "x\u007f", "yz\u0008\u0008"];
        string[] ends = ["\r\n", "\r\0", "\n"];
        var cut = Gen.Int[1, 6].Array[40];

        Gen.Select(Gen.Int[0, all.Count - 1], Gen.Int[0, 2].Select(i => ends[i]), Gen.Int[0, noise.Length - 1].Array[40], cut).Sample(
            (which, end, noises, cuts) =>
            {
                var (name, password, isDefault) = all[which];
                var dialog = new LoginDialog(ApplicationKind.Telnet).Server("box login: ");
                Type(dialog, name, end, noises, cuts);
                dialog.Server(name + "\r\nPassword: ");
                Type(dialog, password, end, noises, cuts);
                dialog.Server("\r\nLogin incorrect\r\nbox login: ");

                return dialog.IsDefault == isDefault;

                void Type(LoginDialog typed, string text, string lineEnd, int[] places, int[] lengths)
                {
                    var keys = string.Concat(text.Select((letter, i) => noise[places[i % places.Length]] + letter)) + lineEnd;
                    for (var (start, i) = (0, 0); start < keys.Length; i++)
                    {
                        var length = Math.Min(lengths[i % lengths.Length], keys.Length - start);
                        typed.Client(keys.Substring(start, length));
                        start += length;
                    }
                }
            },
            iter: 20_000,
            threads: 1);
    }

    [Theory]
    [InlineData(ApplicationKind.Ftp, "USER rootlike\r\nPASS xc35")]
    [InlineData(ApplicationKind.Telnet, "rootlike\r\nxc35")]
    public void Nothing_of_what_was_typed_is_left_when_the_flow_is_over(ApplicationKind application, string typed)
    {
        var tracks = new LoginTracks(64);
        var place = tracks.Take(application);
        var payload = Encoding.ASCII.GetBytes(typed);
        tracks[place].Read(payload, isFromSource: true);
        var before = Memory(tracks[place]);

        tracks.Release(place);

        Assert.Contains("rootlike", before);
        Assert.Contains("xc35", before);
        Assert.DoesNotContain("rootlike", Memory(tracks[place]));
        Assert.DoesNotContain("xc35", Memory(tracks[place]));
    }

    private static string Memory(LoginTrack track) => Encoding.Latin1.GetString(MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref track, 1)));

    private static byte[] Connect(byte version, byte flags, byte[] payload)
    {
        byte[] rest = [.. Text("MQTT"), version, flags, 0, 60, .. payload];
        return rest.Length < 128 ? [0x10, (byte)rest.Length, .. rest] : [0x10, (byte)(rest.Length | 0x80), (byte)(rest.Length >> 7), .. rest];
    }

    private static byte[] Text(string text) => [.. Frames.UInt16((ushort)text.Length), .. Encoding.ASCII.GetBytes(text)];
}
