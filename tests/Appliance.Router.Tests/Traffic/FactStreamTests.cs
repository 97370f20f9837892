using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Traffic.V1;
using Appliance.Router.Capture;
using Appliance.Router.Devices;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Capture;
using Appliance.Router.Tests.Decoding;
using Appliance.Router.Tests.Decoding.Dhcp;
using Appliance.Router.Tests.Decoding.Dns;
using Appliance.Router.Tests.Decoding.Routers;
using Appliance.Router.Tests.Decoding.Tls;
using Appliance.Router.Traffic;
using Appliance.Tests.Shared;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using static Appliance.Router.Tests.Devices.DeviceFrames;
using Flow = Appliance.Protos.Traffic.V1.Flow;
using FlowEvent = Appliance.Protos.Traffic.V1.FlowEvent;
using Kind = Appliance.Protos.Traffic.V1.FlowEvent.Types.Kind;

namespace Appliance.Router.Tests.Traffic;

/// <summary>Facts from the frame to a reader of WatchFlows.</summary>
[Trait("Category", "Slow")]
public sealed class FactStreamTests : IAsyncDisposable
{
    private static readonly byte[] Question = DnsMessages.Question(DnsMessages.Name("cam.example"), 1);
    private static readonly byte[] Query = Udp(Camera, "192.168.1.21", "192.168.1.1", 40_000, 53, DnsMessages.Message(0x0100, [Question]));
    private readonly TestSite _site = new();
    private readonly TempFolder _folder = new();

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Facts_stand_among_the_events_of_their_flow()
    {
        var answer = DnsMessages.Message(DnsMessages.Reply, [Question], [DnsMessages.Record(DnsMessages.FirstName, 1, [203, 0, 113, 7])]);

        var events = await WatchAsync(5, Query, Udp(Gateway, "192.168.1.1", "192.168.1.21", 53, 40_000, answer));

        Assert.Equal([Kind.Began, Kind.Fact, Kind.Answered, Kind.Fact, Kind.Ended], events.Select(told => told.Kind));
        Assert.Equal([1UL, 2, 3, 4, 5], events.Select(told => told.Sequence));
        Assert.Equal(2, events[3].Time.Seconds);
        Assert.Equal(
            new Fact
            {
                SourceMac = ByteString.CopyFrom(Frames.Mac(Gateway)),
                Source = ByteString.CopyFrom(192, 168, 1, 1),
                SourcePort = 53,
                Destination = ByteString.CopyFrom(192, 168, 1, 21),
                DestinationPort = 40_000,
                Protocol = 17,
                CommunityId = events[0].Flow.CommunityId,
                Dns = new()
                {
                    MessageId = 0x1234,
                    IsResponse = true,
                    Questions = { new Fact.Types.Dns.Types.Question { Name = "cam.example", Type = 1 } },
                    Answers =
                    {
                        new Fact.Types.Dns.Types.Record
                        {
                            Name = "cam.example", Type = 1, TimeToLive = new Duration { Seconds = 300 }, ContentBytes = 4, Address = ByteString.CopyFrom(203, 0, 113, 7),
                        },
                    },
                },
            },
            events[3].Fact);
    }

    [Fact]
    public async Task Every_kind_of_fact_is_told()
    {
        var lease = DhcpMessages.Message([DhcpMessages.Option(53, 5), DhcpMessages.Option(3, 192, 168, 1, 1), DhcpMessages.Option(51, 0, 0, 0, 120)], your: "192.168.1.21");
        byte[] greTunnel = [0, 0, 8, 0, .. Frames.IPv4("10.9.0.1", "10.9.0.2", 17, Frames.Udp(1, 2, [1]))];

        var facts = await FactsAsync(
            8,
            [
                Udp(Gateway, "192.168.1.1", "255.255.255.255", 67, 68, lease),
                SsdpNotify(Camera, "192.168.1.21", "upnp:rootdevice"),
                .. Stream(40_001, 443, Hellos.Record(Hellos.Message())),
                .. WebRequest(Camera, "192.168.1.21", "camera/1.0"),
                .. Stream(40_002, 22, "SSH-2.0-camera\r\n"u8.ToArray()),
                Frames.IPv4Frame("192.168.1.21", "192.168.1.1", 1, Frames.Icmp(8, 0, new byte[56])),
                Frames.IPv4Frame("203.0.113.1", "203.0.113.2", 47, greTunnel),
                Query,
            ]);

        Assert.Equal(
            [
                new()
                {
                    Dhcp = new()
                    {
                        Kind = Fact.Types.Dhcp.Types.Kind.Acknowledge,
                        ClientMac = ByteString.CopyFrom(Frames.Mac(DhcpMessages.Client)),
                        LeaseAddress = ByteString.CopyFrom(192, 168, 1, 21),
                        LeaseDuration = new Duration { Seconds = 120 },
                        Routers = { ByteString.CopyFrom(192, 168, 1, 1) },
                    },
                },
                new() { Ssdp = new() { Kind = Fact.Types.Ssdp.Types.Kind.Announcement, Target = "upnp:rootdevice", UniqueName = "uuid:1::upnp:rootdevice", Product = "Linux/5 UPnP/1.0 thing/1" } },
                new() { TlsHello = new() { ServerName = "cam.example", Ja4 = facts[2].TlsHello.Ja4, Version = 0x0304, Protocols = { facts[2].TlsHello.Protocols } } },
                new() { Http = new() { Method = "GET", Host = "web.example", UserAgent = "camera/1.0" } },
                new() { SshBanner = new() { Banner = "SSH-2.0-camera", FromClient = true } },
                new() { Echo = new() { PayloadBytes = 56 } },
                new() { Tunnel = new() { Kind = Fact.Types.Tunnel.Types.Kind.Gre, OuterSource = ByteString.CopyFrom(203, 0, 113, 1), OuterDestination = ByteString.CopyFrom(203, 0, 113, 2) } },
                new() { Dns = new() { MessageId = 0x1234, Questions = { new Fact.Types.Dns.Types.Question { Name = "cam.example", Type = 1 } } } },
            ],
            facts.Select(KindOnly));
        Assert.All(facts, fact => Assert.StartsWith("1:", fact.CommunityId));
        Assert.StartsWith("t13d", facts[2].TlsHello.Ja4);
        Assert.Equal((8u, 0u, 1u), (facts[5].SourcePort, facts[5].DestinationPort, facts[5].Protocol));
        Assert.Equal(Frames.Address("10.9.0.1"), facts[6].Source.ToByteArray());
    }

    [Fact]
    public async Task Log_ins_with_default_credentials_are_told_and_marked_and_the_credentials_are_not()
    {
        byte[] login = [.. "USER root\r\nPASS xc3511\r\n"u8];
        var events = await WatchAsync(
            5,
            Segment(40_000, 21, 0x02, [], 0),
            Reply(21, 40_000, 0x12, [], 0),
            Reply(21, 40_000, 0x18, "220 FTP\r\n"u8.ToArray(), 1),
            Segment(40_000, 21, 0x18, login, 1),
            Reply(21, 40_000, 0x18, "230 In\r\n"u8.ToArray(), 10),
            Segment(40_000, 21, 0x04, [], (uint)login.Length + 1));

        Assert.Equal([Kind.Began, Kind.Answered, Kind.Fact, Kind.Updated, Kind.Ended], events.Select(told => told.Kind));
        Assert.Equal(
            new Fact { Login = new() { Application = Flow.Types.Application.Ftp, Outcome = Fact.Types.Login.Types.Outcome.Succeeded, DefaultCredentials = true } },
            KindOnly(events[2].Fact));
        Assert.Equal(Frames.Address("192.168.1.21"), events[2].Fact.Source.ToByteArray());
        Assert.Equal([false, true, true], new[] { events[1], events[3], events[4] }.Select(told => told.Flow.DefaultCredentials));
        Assert.DoesNotContain("xc3511", string.Concat(events));
    }

    [Fact]
    public async Task Routers_and_conflicts_over_their_addresses_are_told()
    {
        var advertisement = Advertisements.Message(0x48, Advertisements.Prefix("2001:db8::"), Advertisements.Servers(600, "2001:db8::53"), Advertisements.Domains(DnsMessages.Name("lan")));

        var facts = await FactsAsync(3, Advertisements.Frame(advertisement), Advertisements.Frame(advertisement, mac: Camera));

        Assert.Equal(
            new Fact
            {
                RouterAdvertisement = new()
                {
                    RouterMac = ByteString.CopyFrom(Frames.Mac(Advertisements.RouterMac)),
                    RouterLifetime = new Duration { Seconds = 1800 },
                    Preference = Fact.Types.RouterAdvertisement.Types.Preference.High,
                    OtherConfiguration = true,
                    Prefixes =
                    {
                        new Fact.Types.RouterAdvertisement.Types.Prefix
                        {
                            Address = ByteString.CopyFrom(Frames.Address("2001:db8::")), Length = 64, OnLink = true, Autonomous = true,
                            ValidLifetime = new Duration { Seconds = 86_400 }, PreferredLifetime = new Duration { Seconds = 14_400 },
                        },
                    },
                    DnsServers = { ByteString.CopyFrom(Frames.Address("2001:db8::53")) },
                    SearchDomains = { "lan" },
                },
            },
            KindOnly(facts[0]));
        Assert.Equal(
            new Fact
            {
                AddressConflict = new()
                {
                    Kind = Fact.Types.AddressConflict.Types.Kind.Claimed,
                    Address = ByteString.CopyFrom(Frames.Address(Advertisements.Router)),
                    HolderMac = ByteString.CopyFrom(Frames.Mac(Advertisements.RouterMac)),
                    ClaimantMac = ByteString.CopyFrom(Frames.Mac(Camera)),
                    Router = true,
                    ClaimsCount = 1,
                    HolderSeenTime = new Timestamp { Seconds = 1 },
                },
            },
            KindOnly(facts[2]));
        Assert.Equal("", facts[2].CommunityId);
        Assert.Equal(Frames.Mac(Camera), facts[2].SourceMac.ToByteArray());
    }

    // 512 of the largest make 6 MB on the wire; a message may have four.
    [Fact]
    public async Task Heavy_facts_are_divided_over_messages_that_a_reader_takes()
    {
        var longest = DnsMessages.Name(string.Join('.', Enumerable.Repeat(new string('\uff71', 20), 4)));
        var pointers = Enumerable.Repeat(DnsMessages.Record(DnsMessages.FirstName, 12, DnsMessages.FirstName), 60).ToArray();
        var heavy = Udp(Gateway, "192.168.1.1", "192.168.1.21", 53, 40_000, DnsMessages.Message(DnsMessages.Reply, [DnsMessages.Question(longest, 12)], pointers));

        var facts = await FactsAsync(1000, [.. Enumerable.Repeat(heavy, 1000)]);

        Assert.All(facts, fact => Assert.True(fact.Dns.Partial));
        Assert.InRange(facts[0].CalculateSize(), 10_000, 20_000);
    }

    // The same for what flows carry: 1500 ends of flows one after the other, each with nine kilobytes.
    [Fact]
    public async Task Flows_that_have_said_much_are_divided_over_messages_too()
    {
        var hello = Hellos.Record(Hellos.Message(protocols: [.. Enumerable.Repeat(Enumerable.Repeat((byte)1, 255).ToArray(), 8)]));

        var frames = Enumerable.Range(0, 1500).SelectMany(number => Stream(10_000 + number, 443, hello));
        byte[] capture = [.. CaptureBytes.ClassicHeader(), .. frames.SelectMany((frame, number) => CaptureBytes.Record(frame, seconds: 1, fraction: (uint)number))];
        using var call = await StartAsync(capture, ("Router:Flows:FirstBytesFlows", "65536"));

        var events = await TakeAsync(call, 4500);

        Assert.Equal(1500, events.Count(told => told.Kind == Kind.Ended && told.Flow.FirstBytes is { } said && said.CalculateSize() > 8000));
    }

    private static Fact KindOnly(Fact fact)
    {
        var kind = fact.Clone();
        kind.SourceMac = kind.Source = kind.Destination = ByteString.Empty;
        kind.SourcePort = kind.DestinationPort = kind.Protocol = 0;
        kind.CommunityId = "";
        return kind;
    }

    private static byte[][] Stream(int sourcePort, int port, byte[] first) => [Segment(sourcePort, port, 0x02, [], 0), Segment(sourcePort, port, 0x18, first, 1)];

    private static byte[] Segment(int sourcePort, int port, byte flags, byte[] payload, uint sequence) =>
        Frames.IPv4Frame("192.168.1.21", "203.0.113.80", 6, Frames.Tcp(sourcePort, port, flags, payload, sequence));

    private static byte[] Reply(int sourcePort, int port, byte flags, byte[] payload, uint sequence) =>
        Frames.IPv4Frame("203.0.113.80", "192.168.1.21", 6, Frames.Tcp(sourcePort, port, flags, payload, sequence, acknowledgment: 1));

    private async Task<List<Fact>> FactsAsync(int count, params byte[][] frames)
    {
        using var call = await StartAsync(CaptureBytes.Classic(frames));
        var facts = new List<Fact>();
        while (facts.Count < count && await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            facts.AddRange(call.ResponseStream.Current.Events.Select(told => told.Fact).OfType<Fact>());
        }

        return facts;
    }

    private async Task<List<FlowEvent>> WatchAsync(int count, params byte[][] frames)
    {
        using var call = await StartAsync(CaptureBytes.Classic(frames));
        return await TakeAsync(call, count);
    }

    private static async Task<List<FlowEvent>> TakeAsync(AsyncServerStreamingCall<WatchFlowsResponse> call, int count)
    {
        var events = new List<FlowEvent>();
        while (events.Count < count && await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            events.AddRange(call.ResponseStream.Current.Events);
        }

        return events;
    }

    private async Task<AsyncServerStreamingCall<WatchFlowsResponse>> StartAsync(byte[] capture, params (string Key, string? Value)[] settings)
    {
        var file = _folder.File("replay.pcap");
        await File.WriteAllBytesAsync(file, capture, TestContext.Current.CancellationToken);
        await _site.StartAsync(
            Role.Router,
            builder => builder.Services.AddCapture().AddFlows().AddDevices().AddTraffic(),
            app => app.MapRoleService<TrafficGrpcService>(),
            [("Router:Capture:File", file), ("Router:Capture:Speed", "0"), ("Router:Capture:ShiftToNow", "false"), .. settings]);
        var client = new TrafficService.TrafficServiceClient(_site.Channel(Role.Router, _site.Person(PeerKind.Reader)));
        return client.WatchFlows(new WatchFlowsRequest(), cancellationToken: TestContext.Current.CancellationToken);
    }
}
