using System.Collections;
using System.Collections.Concurrent;
using System.Text;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Devices.V1;
using Appliance.Protos.Traffic.V1;
using Appliance.Router.Capture;
using Appliance.Router.Devices;
using Appliance.Router.Flows;
using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using Appliance.Router.Tests.Capture;
using Appliance.Router.Tests.Decoding;
using Appliance.Router.Tests.Decoding.Dhcp;
using Appliance.Router.Tests.Decoding.Dns;
using Appliance.Router.Tests.Decoding.Facts;
using Appliance.Router.Tests.Decoding.Tls;
using Appliance.Router.Traffic;
using Appliance.Tests.Shared;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using static Appliance.Router.Tests.Devices.DeviceFrames;
using Device = Appliance.Protos.Devices.V1.Device;
using FlowEvent = Appliance.Protos.Traffic.V1.FlowEvent;
using Frames = Appliance.Router.Tests.Decoding.Frames;

namespace Appliance.Router.Tests.Devices;

/// <summary>Names as an attacker would choose them, from the frame through inventory and event stream to whoever asks, and to the log.</summary>
[Trait("Category", "Slow")]
public sealed class HostileNamesTests : IAsyncDisposable
{
    // One of each kind that has text, of DNS two, and an echo behind them.
    private const int FactsCount = 8;
    private const int FlowsCount = 8;
    private readonly TestSite _site = new();
    private readonly TempFolder _folder = new();
    private readonly LogLines _log = new();

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _folder.Dispose();
    }

    public static TheoryData<string, string> Names()
    {
        var names = Hostile.Names();
        var huge = Encoding.ASCII.GetString(Hostile.Huge);
        names.Add("cam-" + huge[..300], "cam-" + huge[..251]);
        return names;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_text_that_goes_out_is_plain(string name, string expected)
    {
        await StartAsync(name);

        var events = await EventsAsync();
        var devices = await DevicesAsync();

        var facts = events.Select(told => told.Fact).OfType<Fact>().ToList();
        var texts = events.Concat<IMessage>(devices).SelectMany(Texts).ToList();
        Assert.All(texts.Concat(_log.All), text => Assert.True(Hostile.IsPlain(text), text));
        Assert.Equal(expected, Assert.Single(facts, fact => fact.Dhcp is not null).Dhcp.HostName);
        Assert.Contains(devices.SelectMany(device => device.HostNames), text => text == expected);
        Assert.Equal(FactsCount - 1, facts.Select(fact => fact.KindCase).Distinct().Count());
        Assert.NotEmpty(_log.All);
        Assert.All(events.Concat<IMessage>(devices), message => Assert.DoesNotContain(JsonFormatter.Default.Format(message), char.IsControl));
    }

    // A name as long as the message can hold: DHCP and DNS have a byte for the length, an HTTP head has four kilobytes.
    private static byte[][] FramesOf(string name)
    {
        var bytes = Hostile.Bytes(name);
        var (option, label, line) = (bytes[..Math.Min(bytes.Length, 255)], bytes[..Math.Min(bytes.Length, 63)], Encoding.Latin1.GetString(bytes));
        var instance = Udp(Camera, "192.168.1.21", "224.0.0.251", 5353, 5353, DnsMessages.Message(
            DnsMessages.Reply,
            [],
            [
                DnsMessages.Record([.. DnsMessages.Label(label), .. DnsMessages.Name("_http._tcp.local")], 33, [0, 0, 0, 0, 0, 80, .. DnsMessages.Name("cam.local")]),
                DnsMessages.Record(DnsMessages.Name("cam._http._tcp.local"), 16, DnsMessages.Label([.. "md="u8, .. option[..Math.Min(option.Length, 250)]])),
            ]));
        return
        [
            Arp(Camera, "192.168.1.21"),
            Udp(DhcpMessages.Client, "0.0.0.0", "255.255.255.255", 68, 67, DhcpMessages.Message([DhcpMessages.Option(53, 3), DhcpMessages.Option(12, option), DhcpMessages.Option(60, option)])),
            instance,
            Udp(Camera, "192.168.1.21", "239.255.255.250", 1900, 1900, Encoding.Latin1.GetBytes($"NOTIFY * HTTP/1.1\r\nSERVER: {line}\r\nLOCATION: {line}\r\n\r\n")),
            .. WebRequest(Camera, "192.168.1.21", line),
            .. Stream(40_001, 443, Hellos.Record(Hellos.Message(serverName: bytes, protocols: [option]))),
            .. Stream(40_002, 22, [.. "SSH-2.0-"u8, .. option[..Math.Min(option.Length, 200)], .. "\r\n"u8]),
            Udp(Camera, "192.168.1.21", "192.168.1.1", 40_003, 53, DnsMessages.Message(0x0100, [DnsMessages.Question([.. DnsMessages.Label(label), 0], 1)])),
            Frames.IPv4Frame("192.168.1.21", "192.168.1.1", 1, Frames.Icmp(8, 0, new byte[56])),
        ];
    }

    private static byte[][] Stream(int sourcePort, int port, byte[] first) =>
    [
        Frames.IPv4Frame("192.168.1.21", "203.0.113.80", 6, Frames.Tcp(sourcePort, port, 0x02)),
        Frames.IPv4Frame("192.168.1.21", "203.0.113.80", 6, Frames.Tcp(sourcePort, port, 0x18, first, 1)),
    ];

    // Every string of a message and of those within it.
    private static IEnumerable<string> Texts(IMessage message)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            var value = field.Accessor.GetValue(message);
            foreach (var part in value is IList list ? list.Cast<object>() : [value])
            {
                foreach (var text in part is string alone ? [alone] : part is IMessage inner ? Texts(inner) : [])
                {
                    yield return text;
                }
            }
        }
    }

    // Up to the end of the last flow, and so with what was told of flows after their facts.
    private async Task<List<FlowEvent>> EventsAsync()
    {
        var client = new TrafficService.TrafficServiceClient(_site.Channel(Role.Router, _site.Person(PeerKind.Reader)));
        using var call = client.WatchFlows(new WatchFlowsRequest(), cancellationToken: TestContext.Current.CancellationToken);
        var events = new List<FlowEvent>();
        while (events.Count(told => told.Kind == FlowEvent.Types.Kind.Ended) < FlowsCount && await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            events.AddRange(call.ResponseStream.Current.Events);
        }

        return events;
    }

    // Learned behind a queue: until the last of the names is there.
    private async Task<List<Device>> DevicesAsync()
    {
        var client = new DeviceService.DeviceServiceClient(_site.Channel(Role.Router, _site.Person(PeerKind.Reader)));
        using var call = client.WatchDevices(new WatchDevicesRequest(), cancellationToken: TestContext.Current.CancellationToken);
        var named = new HashSet<string>();
        while (named.Count < 2 && await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            if (call.ResponseStream.Current.Device is { HostNames.Count: > 0 } device)
            {
                named.Add(device.Id);
            }
        }

        return [.. (await client.ListDevicesAsync(new ListDevicesRequest(), cancellationToken: TestContext.Current.CancellationToken)).Devices];
    }

    private async Task StartAsync(string name)
    {
        var file = _folder.File("replay.pcap");
        await File.WriteAllBytesAsync(file, CaptureBytes.Classic(FramesOf(name)), TestContext.Current.CancellationToken);
        await _site.StartAsync(
            Role.Router,
            builder =>
            {
                builder.Logging.AddProvider(_log);
                builder.Services.AddCapture().AddFlows().AddDevices().AddTraffic().AddRules().AddNftables().AddDeviceBlocks();
            },
            app =>
            {
                app.MapRoleService<DeviceGrpcService>();
                app.MapRoleService<TrafficGrpcService>();
            },
            [("Router:Capture:File", file), ("Router:Capture:Speed", "0"), ("Router:Capture:ShiftToNow", "false"), ("Router:Firewall:Enforce", "rendered")]);
    }

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> All => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
