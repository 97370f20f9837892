using System.Text;
using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Dns;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Decoding.Http;
using Appliance.Router.Decoding.Names;
using Appliance.Router.Decoding.Tls;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Decoding.Dns;
using Appliance.Router.Tests.Decoding.Quic;
using Appliance.Router.Tests.Decoding.Tls;

namespace Appliance.Router.Tests.Flows;

public sealed class FlowFactsTests
{
    private static readonly byte[] Request = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: cam.example\r\n\r\n");
    private readonly Wire _wire = new(new FlowOptions { Capacity = 4096, FactsPerSecond = 100, ReadStreams = 16 });

    [Fact]
    public void A_request_in_one_segment_is_told_at_once()
    {
        Open().Out(3, "PA", Request, sequence: 101);

        var fact = Assert.IsType<HttpFact>(Assert.Single(_wire.Sink.Facts));
        Assert.Equal("cam.example", fact.Host);
        Assert.Equal((Decoding.Frames.Value(Wire.Client), 1000, 80), (fact.Origin.Source, fact.Origin.SourcePort, fact.Origin.DestinationPort));
    }

    [Fact]
    public void A_hello_whose_segments_come_out_of_order_and_twice_is_told_once()
    {
        var stream = Hellos.Record(Hellos.Message());
        Open()
            .Out(3, "PA", stream[200..], sequence: 301)
            .Out(4, "PA", stream[100..250], sequence: 201)
            .Out(5, "PA", stream[200..], sequence: 301)
            .Out(6, "PA", stream[..120], sequence: 101)
            .Out(7, "PA", stream[..120], sequence: 101);

        Assert.Equal("cam.example", Assert.IsType<TlsHelloFact>(Assert.Single(_wire.Sink.Facts)).ServerName);
    }

    [Fact]
    public void Sequence_numbers_go_round()
    {
        _wire.Out(1, "S", sequence: uint.MaxValue - 9).In(2, "SA", acknowledgment: uint.MaxValue - 8)
            .Out(3, "PA", Request[..20], sequence: uint.MaxValue - 8)
            .Out(4, "PA", Request[20..], sequence: 11);

        Assert.IsType<HttpFact>(Assert.Single(_wire.Sink.Facts));
    }

    [Fact]
    public void Data_that_comes_with_the_first_segment_is_its_beginning()
    {
        _wire.Out(1, "S", Request);

        Assert.IsType<HttpFact>(Assert.Single(_wire.Sink.Facts));
    }

    [Fact]
    public void Either_side_tells_its_banner()
    {
        Open().In(3, "PA", "SSH-2.0-server\r\n"u8.ToArray(), sequence: 501).Out(4, "PA", "SSH-2.0-client\r\n"u8.ToArray(), sequence: 101);

        Assert.Equal(["SSH-2.0-server", "SSH-2.0-client"], _wire.Sink.Facts.Cast<SshFact>().Select(fact => fact.Banner));
    }

    [Fact]
    public void A_stream_without_its_beginning_tells_nothing()
    {
        _wire.Out(1, "PA", Request, sequence: 101);

        Assert.Empty(_wire.Sink.Facts);
    }

    [Fact]
    public void What_is_no_beginning_is_not_looked_at_again()
    {
        Open().Out(3, "PA", "nothing known"u8.ToArray(), sequence: 101).Out(4, "PA", Request, sequence: 114);

        Assert.Empty(_wire.Sink.Facts);
    }

    [Fact]
    public void Every_dns_message_of_a_flow_is_told()
    {
        var query = DnsMessages.Message(0x0100, [DnsMessages.Question(DnsMessages.Name("cam.example"), 1)]);
        for (var i = 0; i < 10; i++)
        {
            _wire.Udp(i, Wire.Client, 40000, Wire.Server, 53, query).Udp(i + 0.5, Wire.Server, 53, Wire.Client, 40000, DnsMessages.Message(DnsMessages.Reply | 3, [DnsMessages.Question(DnsMessages.Name("cam.example"), 1)]));
        }

        Assert.Equal((10, 10), (_wire.Sink.Facts.Count(fact => fact is DnsFact { IsResponse: false }), _wire.Sink.Facts.Count(fact => fact is DnsFact { HasFailed: true })));
    }

    [Fact]
    public void A_quic_connection_tells_its_server_name()
    {
        var message = Hellos.Message();
        _wire.Udp(1, Wire.Client, 40000, Wire.Server, 443, QuicPackets.Initial(QuicPackets.Crypto(90, message[90..])))
            .Udp(2, Wire.Client, 40000, Wire.Server, 443, QuicPackets.Initial(QuicPackets.Crypto(0, message[..90]), number: 3))
            .Udp(3, Wire.Client, 40000, Wire.Server, 443, QuicPackets.Initial(QuicPackets.Crypto(0, message), number: 4));

        Assert.Equal("cam.example", Assert.IsType<TlsHelloFact>(Assert.Single(_wire.Sink.Facts)).ServerName);
    }

    [Fact]
    public void A_fact_of_a_late_packet_is_told_at_the_clock_of_the_capture()
    {
        var query = DnsMessages.Message(0x0100, [DnsMessages.Question(DnsMessages.Name("cam.example"), 1)]);

        _wire.Udp(5, Wire.Client, 40000, Wire.Server, 9999).Udp(3, Wire.Client, 40000, Wire.Server, 53, query);

        Assert.Equal((Wire.At(5), Wire.At(3)), (Assert.Single(_wire.Sink.FactTimes), _wire.Sink.Facts[0].Origin.Time));
    }

    [Fact]
    public void A_default_password_shows_on_its_flow_and_in_the_outcome_of_the_log_in()
    {
        Say(Wire.Server, "220 FTP\r\n", "530 no\r\n");

        var login = Assert.IsType<LoginFact>(Assert.Single(_wire.Sink.Facts));
        Assert.Equal((ApplicationKind.Ftp, LoginOutcome.Failed, true), (login.Application, login.Outcome, login.IsDefault));
        Assert.Equal((Decoding.Frames.Value(Wire.Client), (ushort)21), (login.Origin.Source, login.Origin.DestinationPort));
        Assert.Equal((1, true), (_wire.LastTold.LoginFailures, _wire.LastTold.TriesDefaultCredentials));
    }

    [Fact]
    public void A_flow_keeps_in_mind_that_default_credentials_were_tried()
    {
        Say(Wire.Server, "220 FTP\r\n", "530 no\r\n");
        _wire.Tcp(9, Wire.Client, 1000, Wire.Server, 21, "R", sequence: 200);

        Assert.True(_wire.LastTold is { HasEnded: true, TriesDefaultCredentials: true });
    }

    [Fact]
    public void Pings_of_one_size_are_told_once_and_each_other_size_again()
    {
        foreach (var (at, size) in new[] { 56, 56, 56, 900, 56 }.Index())
        {
            _wire.Icmp(at, Wire.Client, Wire.Server, 8, 0, new byte[size]);
        }

        Assert.Equal([56, 900, 56], _wire.Sink.Facts.Cast<EchoFact>().Select(fact => fact.PayloadBytes));
    }

    [Fact]
    public void More_than_the_budget_of_a_second_is_counted_and_not_read()
    {
        var query = DnsMessages.Message(0x0100, [DnsMessages.Question(DnsMessages.Name("cam.example"), 1)]);
        for (var i = 0; i < 150; i++)
        {
            _wire.Udp(1 + (i / 1000.0), Wire.Client, 40000, Wire.Server, 53, query);
        }

        _wire.Udp(3, Wire.Client, 40000, Wire.Server, 53, query);

        Assert.Equal((101, 50L), (_wire.Sink.Facts.Count, _wire.Path.Totals.UnreadFacts));
    }

    [Fact]
    public void Beginnings_that_never_end_push_out_only_the_oldest()
    {
        for (var port = 1; port <= 20; port++)
        {
            _wire.Tcp(port, Wire.Client, port, Wire.Server, 80, "S", sequence: 100).Tcp(port, Wire.Server, 80, Wire.Client, port, "SA", sequence: 500, acknowledgment: 101)
                .Tcp(port, Wire.Client, port, Wire.Server, 80, "PA", Request[..10], sequence: 101);
        }

        _wire.Tcp(21, Wire.Client, 1, Wire.Server, 80, "PA", Request[10..], sequence: 111).Tcp(21, Wire.Client, 20, Wire.Server, 80, "PA", Request[10..], sequence: 111);

        Assert.Equal(20, Assert.Single(_wire.Sink.Facts).Origin.SourcePort);
        Assert.Equal(5, _wire.Path.Totals.UnreadFacts);
    }

    [Fact]
    public void A_flow_that_ends_gives_its_room_back()
    {
        for (var port = 1; port <= 50; port++)
        {
            _wire.Tcp(port, Wire.Client, port, Wire.Server, 80, "S", sequence: 100).Tcp(port, Wire.Server, 80, Wire.Client, port, "SA", sequence: 500, acknowledgment: 101)
                .Tcp(port, Wire.Client, port, Wire.Server, 80, "PA", Request[..10], sequence: 101)
                .Tcp(port, Wire.Client, port, Wire.Server, 80, "R", sequence: 111);
        }

        Assert.Equal(0, _wire.Path.Totals.UnreadFacts);
    }

    private void Say(string server, string greeting, string verdict)
    {
        byte[] client = [.. "USER root\r\nPASS vizxv\r\n"u8];
        _wire.Tcp(1, Wire.Client, 1000, server, 21, "S").Tcp(2, server, 21, Wire.Client, 1000, "SA", acknowledgment: 1)
            .Tcp(3, server, 21, Wire.Client, 1000, "PA", Encoding.ASCII.GetBytes(greeting), sequence: 1)
            .Tcp(4, Wire.Client, 1000, server, 21, "PA", client, sequence: 1)
            .Tcp(5, server, 21, Wire.Client, 1000, "PA", Encoding.ASCII.GetBytes(verdict), sequence: 1 + (uint)greeting.Length);
    }

    private Wire Open() => _wire.Out(1, "S").In(2, "SA");
}
