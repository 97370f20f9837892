using System.Text;
using Appliance.Router.Decoding.Tunnels;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Decoding.Dns;
using Appliance.Router.Tests.Decoding.Quic;
using Appliance.Router.Tests.Decoding.Tls;
using Appliance.Router.Tests.Decoding.Tunnels;

namespace Appliance.Router.Tests.Flows;

public sealed class FirstBytesTests
{
    private const int Room = 64;
    private static readonly byte[] Request = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: cam.example\r\nUser-Agent: plug/1.2\r\n\r\n");
    private readonly Wire _wire = new(new FlowOptions { Capacity = 4096, FirstBytesFlows = Room });

    [Fact]
    public void A_flow_has_the_server_name_and_fingerprint_of_its_hello()
    {
        Open().Out(3, "PA", Hellos.Record(Hellos.Message()), sequence: 101);

        var said = Listed().FirstBytes!;
        Assert.Equal("cam.example", said.ServerName);
        Assert.StartsWith("t", said.Fingerprint);
        Assert.NotEmpty(said.Protocols);
    }

    [Fact]
    public void A_flow_has_the_host_and_the_agent_of_its_request()
    {
        Open().Out(3, "PA", Request, sequence: 101);

        Assert.Equal(("cam.example", "plug/1.2"), Listed().FirstBytes is { } said ? (said.ServerName, said.UserAgent) : default);
    }

    [Fact]
    public void A_flow_has_the_lines_of_both_sides()
    {
        Open().In(3, "PA", "SSH-2.0-server\r\n"u8.ToArray(), sequence: 501).Out(4, "PA", "SSH-2.0-client\r\n"u8.ToArray(), sequence: 101);

        Assert.Equal(("SSH-2.0-client", "SSH-2.0-server"), Listed().FirstBytes is { } said ? (said.ClientBanner, said.ServerBanner) : default);
    }

    [Fact]
    public void A_quic_flow_has_its_server_name()
    {
        _wire.Udp(1, Wire.Client, 40000, Wire.Server, 443, QuicPackets.Initial(QuicPackets.Crypto(0, Hellos.Message())));

        Assert.Equal("cam.example", Listed().FirstBytes?.ServerName);
    }

    [Theory]
    [InlineData("pppoe", TunnelKind.Pppoe)]
    [InlineData("IPv6 in IPv4", TunnelKind.IPInIP)]
    [InlineData("gre", TunnelKind.Gre)]
    [InlineData("vxlan", TunnelKind.Vxlan)]
    public void A_flow_has_the_tunnel_that_it_runs_in(string name, TunnelKind kind)
    {
        _wire.Put(1, Tunneled.Frames[name]);

        Assert.Equal(kind, Listed().FirstBytes?.Tunnel);
    }

    [Fact]
    public void A_flow_of_which_nothing_is_known_has_none()
    {
        var query = DnsMessages.Message(0x0100, [DnsMessages.Question(DnsMessages.Name("cam.example"), 1)]);
        _wire.Udp(1, Wire.Client, 40000, Wire.Server, 53, query);

        Assert.Single(_wire.Sink.Facts);
        Assert.Null(Listed().FirstBytes);
    }

    [Fact]
    public void What_has_been_said_is_told_with_each_event_after_it_and_with_the_record()
    {
        Open().Out(3, "PA", Request, sequence: 101).Wait(80).Out(81, "A").Wait(130).Out(131, "R").Wait(200);

        Assert.Equal(
            [FlowEventKind.Updated, FlowEventKind.Updated, FlowEventKind.Ended],
            _wire.Sink.Events.Where(told => told.Flow.FirstBytes?.ServerName == "cam.example").Select(told => told.Kind));
        Assert.Equal("cam.example", Assert.Single(_wire.Sink.Records).FirstBytes?.ServerName);
    }

    [Fact]
    public void When_there_are_too_many_the_oldest_are_forgotten_and_counted()
    {
        Ask(Room + 10, Request);

        var listed = _wire.Path.ListFlows(long.MaxValue, 1000).OrderBy(listed => listed.Ordinal).Select(listed => listed.Flow.FirstBytes?.ServerName);
        Assert.Equal([.. Enumerable.Repeat<string?>(null, 10), .. Enumerable.Repeat<string?>("cam.example", Room)], listed);
        Assert.Equal(10, _wire.Path.Totals.EvictedFirstBytes);
    }

    [Fact]
    public void Long_texts_leave_room_for_fewer()
    {
        var agent = new string('\x01', 255);
        Ask(Room, Encoding.Latin1.GetBytes($"GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: {agent}\r\n\r\n"));

        // 1021 characters each, of 256 for each flow that there is room for.
        var kept = _wire.Path.ListFlows(long.MaxValue, 1000).Count(listed => listed.Flow.FirstBytes is not null);
        Assert.Equal(Room * 256 / 1021, kept);
        Assert.Equal(Room - kept, _wire.Path.Totals.EvictedFirstBytes);
    }

    [Fact]
    public void A_flow_that_leaves_gives_its_room_back()
    {
        Ask(Room, Request);
        _wire.Wait(1000);

        Ask(Room, Request, at: 1000);

        Assert.Equal((2L * Room, 0L), (_wire.Path.Totals.Flows, _wire.Path.Totals.EvictedFirstBytes));
        Assert.All(_wire.Path.ListFlows(long.MaxValue, 1000), listed => Assert.Equal("cam.example", listed.Flow.FirstBytes?.ServerName));
    }

    private Wire Open() => _wire.Out(1, "S").In(2, "SA");

    private Flow Listed() => Assert.Single(_wire.Path.ListFlows(long.MaxValue, 10)).Flow;

    private void Ask(int flows, byte[] request, double at = 1)
    {
        for (var port = 1000; port < 1000 + flows; port++)
        {
            _wire.Tcp(at, Wire.Client, port, Wire.Server, 80, "S", sequence: 100).Tcp(at, Wire.Server, 80, Wire.Client, port, "SA", sequence: 500, acknowledgment: 101)
                .Tcp(at, Wire.Client, port, Wire.Server, 80, "PA", request, sequence: 101);
        }
    }
}
