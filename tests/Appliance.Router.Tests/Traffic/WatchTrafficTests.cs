using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Traffic.V1;
using Appliance.Router.Capture;
using Appliance.Router.Devices;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Capture;
using Appliance.Router.Tests.Decoding;
using Appliance.Router.Traffic;
using Appliance.Tests.Shared;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using static Appliance.Router.Tests.Devices.DeviceFrames;

namespace Appliance.Router.Tests.Traffic;

// OpenTelemetry takes meters by their name from the whole process: a role's host that another test runs beside would count into this one.
[CollectionDefinition(nameof(WatchTrafficTests), DisableParallelization = true)]
[Collection(nameof(WatchTrafficTests))]
[Trait("Category", "Slow")]
public sealed class WatchTrafficTests : IAsyncDisposable
{
    private const string Server = "203.0.113.80";
    private static readonly byte[] Up = Udp(Camera, "192.168.1.21", Server, 5000, 5001, new byte[100], toMac: Gateway);
    private static readonly byte[] Down = Udp(Gateway, Server, "192.168.1.21", 5001, 5000, new byte[1000], toMac: Camera);
    private static readonly byte[] Ping = Frames.Ethernet(0x0800, Frames.IPv4("192.168.1.22", "192.168.1.21", 1, Frames.Icmp(8, 0, new byte[56])), Phone, Camera);

    // The inventory and the sampler.
    private readonly TickingClock _clock = new(ticking: 2);
    private readonly TestSite _site = new();
    private WebApplication? _app;

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Each_second_has_exactly_the_protocols_and_destinations_that_were_in_it()
    {
        using var call = await StartAsync();

        var first = await SecondAsync(call, [Up, Up, Down, Ping]);
        var second = await SecondAsync(call, [Up]);
        var third = await SecondAsync(call, []);

        var (up, down, ping) = (Up.Length * 8d, Down.Length * 8d, Ping.Length * 8d);
        Assert.Equal([(17u, 3d, (2 * up) + down), (1u, 1d, ping)], first.Protocols.Select(Told));
        Assert.Equal([(2d, 1d, 2 * up, down)], first.Destinations.Select(Told));
        Assert.Equal(Frames.Address(Server), first.Destinations[0].Address.ToByteArray());
        Assert.Equal([(17u, 1d, up)], second.Protocols.Select(Told));
        Assert.Equal([(1d, 0d, up, 0d)], second.Destinations.Select(Told));
        Assert.Equal((0, 0, 0ul), (third.Protocols.Count, third.Destinations.Count, third.UncountedPacketsCount));
    }

    [Fact]
    public async Task Each_second_has_exactly_the_devices_that_were_in_it()
    {
        using var call = await StartAsync();
        await SecondAsync(call, [Up, Up, Down, Ping]);

        // The inventory keeps time by itself, so it may be a second behind; each of these seconds is like the other.
        var second = await SecondAsync(call, [Up, Up, Down, Ping]);

        var (up, down, ping) = (Up.Length * 8d, Down.Length * 8d, Ping.Length * 8d);
        Assert.Equal(
            [(Camera, 2 * up, down + ping), (Gateway, down, 2 * up), (Phone, ping, 0d)],
            second.Devices.Select(rate => (rate.DeviceId, rate.OutBitsPerSecond, rate.InBitsPerSecond)));
    }

    [Fact]
    public async Task The_busiest_256_destinations_are_told_and_what_found_no_place_is_counted()
    {
        using var call = await StartAsync();
        var frames = Enumerable.Range(0, 300).Select(i => Udp(Camera, "192.168.1.21", $"203.0.{i >> 8}.{i & 255}", 5000, 5001, new byte[i], toMac: Gateway));
        var flood = Enumerable.Range(0, 20_000).Select(i => Udp(Camera, "192.168.1.21", $"198.18.{i >> 8}.{i & 255}", 5000, 5001, [], toMac: Gateway));

        var calm = await SecondAsync(call, [.. frames]);
        var flooded = await SecondAsync(call, [.. flood]);

        Assert.Equal(256, calm.Destinations.Count);
        Assert.Equal(calm.Destinations.OrderByDescending(rate => rate.OutBitsPerSecond), calm.Destinations);
        Assert.Equal((42 + 299) * 8, calm.Destinations[0].OutBitsPerSecond);
        Assert.Equal(0ul, calm.UncountedPacketsCount);
        Assert.InRange(flooded.UncountedPacketsCount, 20_000ul - 8192, 20_000ul - 4096);
    }

    [Fact]
    public async Task Ten_thousand_protocols_and_addresses_make_no_series_more()
    {
        using var call = await StartAsync();
        await SecondAsync(call, [Up]);
        var before = await PrometheusText.ScrapeAsync(TestSite.MetricsAddress(_app!));
        var random = new Random(1);
        var frames = Enumerable.Range(0, 10_000).Select(i => Frames.Ethernet(0x0800, Frames.IPv4(Any(random), Any(random), (byte)i, new byte[8])));

        await SecondAsync(call, [.. frames]);

        // The exporter answers with what it has collected for 0.3 s.
        var after = before;
        while (Counted(after) == Counted(before))
        {
            after = await PrometheusText.ScrapeAsync(TestSite.MetricsAddress(_app!));
        }

        Assert.Equal(Series(before), Series(after));
        Assert.Equal(5, Series(after).Count(key => key.StartsWith("appliance_router_protocol_packets_total", StringComparison.Ordinal)));
        Assert.Equal(10_001, Counted(after));
    }

    private static double Counted(PrometheusText scrape) =>
        scrape.Values.Where(series => series.Key.StartsWith("appliance_router_protocol_packets_total", StringComparison.Ordinal)).Sum(series => series.Value);

    private static IEnumerable<string> Series(PrometheusText scrape) =>
        scrape.Values.Keys.Where(key => key.StartsWith("appliance_router_", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static string Any(Random random) => $"{random.Next(1, 224)}.{random.Next(256)}.{random.Next(256)}.{random.Next(256)}";

    private static (uint Protocol, double Packets, double Bits) Told(ProtocolRate rate) => (rate.Protocol, rate.PacketsPerSecond, rate.BitsPerSecond);

    private static (double PacketsOut, double PacketsIn, double Out, double In) Told(DestinationRate rate) =>
        (rate.OutPacketsPerSecond, rate.InPacketsPerSecond, rate.OutBitsPerSecond, rate.InBitsPerSecond);

    // Puts frames on the path, lets a second go by, and waits until both who count have taken it in.
    private async Task<WatchTrafficResponse> SecondAsync(AsyncServerStreamingCall<WatchTrafficResponse> call, byte[][] frames)
    {
        var token = TestContext.Current.CancellationToken;
        var rates = _app!.Services.GetRequiredService<DeviceRates>();
        var before = rates.Current;
        _app.Services.GetRequiredService<PacketPaths>().First.Run(new ListSource([.. frames.Select(bytes => (1L, bytes))]), token);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await call.ResponseStream.MoveNext(token));
        while (ReferenceEquals(rates.Current, before))
        {
            await Task.Yield();
            token.ThrowIfCancellationRequested();
        }

        return call.ResponseStream.Current;
    }

    private async Task<AsyncServerStreamingCall<WatchTrafficResponse>> StartAsync()
    {
        _app = await _site.StartAsync(
            Role.Router,
            builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(_clock);
                builder.Services.AddCapture().AddFlows().AddDevices().AddTraffic();
            },
            app => app.MapRoleService<TrafficGrpcService>());
        await _clock.WaitAsync();
        var client = new TrafficService.TrafficServiceClient(_site.Channel(Role.Router, _site.Person(PeerKind.Reader)));
        var call = client.WatchTraffic(new WatchTrafficRequest(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        return call;
    }
}
