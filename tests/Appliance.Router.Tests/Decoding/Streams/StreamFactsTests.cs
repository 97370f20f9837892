using System.Text;
using Appliance.Router.Decoding.Dns;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Decoding.Http;
using Appliance.Router.Decoding.Names;
using Appliance.Router.Decoding.Streams;
using Appliance.Router.Decoding.Tls;
using Appliance.Router.Tests.Decoding.Dns;
using Appliance.Router.Tests.Decoding.Facts;
using Appliance.Router.Tests.Decoding.Tls;

namespace Appliance.Router.Tests.Decoding.Streams;

public sealed class StreamFactsTests
{
    private const string Request = "GET /secret HTTP/1.1\r\nHost: cam.example:8080\r\nCookie: x\r\nuser-agent: curl/8\r\n\r\nbody";

    [Fact]
    public void A_request_says_host_and_agent_and_no_more()
    {
        var (verdict, fact) = Read(Request);

        Assert.Equal(StreamVerdict.Complete, verdict);
        Assert.Equal(new HttpFact(default, "GET") { Host = "cam.example:8080", UserAgent = "curl/8" }, fact);
    }

    [Theory]
    [InlineData("G")]
    [InlineData("GET")]
    [InlineData("POST ")]
    [InlineData("GET /secret HTTP/1.1\r\nHost: ca")]
    [InlineData("SS")]
    [InlineData("SSH-2.0-x")]
    public void A_beginning_is_incomplete(string stream) => Assert.Equal(StreamVerdict.Incomplete, Read(stream).Verdict);

    [Fact]
    public void A_head_longer_than_the_window_says_what_it_has_said()
    {
        var (verdict, fact) = Read("GET / HTTP/1.1\r\nHost: cam.example\r\nCookie: " + new string('x', StreamHead.Capacity));

        Assert.Equal((StreamVerdict.Complete, "cam.example"), (verdict, ((HttpFact)fact!).Host));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Either_side_of_ssh_says_what_it_is(bool isFromClient)
    {
        var (_, fact) = Read("SSH-2.0-OpenSSH_9.2p1 Debian\r\nmore", isFromClient);

        Assert.Equal(new SshFact(default, isFromClient, "SSH-2.0-OpenSSH_9.2p1 Debian"), fact);
    }

    [Theory]
    [InlineData("220 FTP\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", false)]
    [InlineData(Request, false)]
    [InlineData("GARBAGE and more", true)]
    public void What_says_nothing_is_foreign(string stream, bool isFromClient) => Assert.Equal(StreamVerdict.Foreign, Read(stream, isFromClient).Verdict);

    [Fact]
    public void An_ssh_line_without_end_is_foreign() => Assert.Equal(StreamVerdict.Foreign, Read("SSH-" + new string('x', 300)).Verdict);

    [Fact]
    public void A_hello_is_read_whatever_the_port() =>
        Assert.IsType<TlsHelloFact>(Read(Encoding.Latin1.GetString(Hellos.Record(Hellos.Message()))).Fact);

    [Fact]
    public void Dns_over_tcp_stands_behind_its_length()
    {
        var message = DnsMessages.Message(0x0100, [DnsMessages.Question(DnsMessages.Name("cam.example"), 1)]);
        byte[] stream = [.. Frames.UInt16((ushort)message.Length), .. message];
        var origin = new FactOrigin { DestinationPort = DnsReader.Port };

        Assert.Equal(StreamVerdict.Incomplete, StreamFacts.Read(stream.AsSpan(..^1), isFromClient: true, origin, out _));
        Assert.Equal(StreamVerdict.Complete, StreamFacts.Read(stream, isFromClient: true, origin, out var fact));
        Assert.Equal("cam.example", ((DnsFact)fact!).Questions[0].Name);
    }

    [Theory]
    [InlineData("\u001b[31mred", @"\027[31mred")]
    [InlineData("<b>x</b>", "<b>x</b>")]
    [InlineData("a\rb", @"a\013b")]
    public void A_hostile_name_comes_out_plain(string name, string expected)
    {
        var (_, http) = Read($"GET / HTTP/1.1\r\nHost: {name}\r\nUser-Agent: {name}\r\n\r\n");
        var (_, ssh) = Read($"SSH-2.0-{name}\n");

        Assert.Equal(new HttpFact(default, "GET") { Host = expected, UserAgent = expected }, http);
        Assert.Equal("SSH-2.0-" + expected, ((SshFact)ssh!).Banner);
    }

    private static (StreamVerdict Verdict, Fact? Fact) Read(string stream, bool isFromClient = true)
    {
        var verdict = StreamFacts.Read(Encoding.Latin1.GetBytes(stream), isFromClient, default, out var fact);
        return (verdict, fact);
    }
}
