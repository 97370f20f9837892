using System.Net;
using System.Net.Sockets;
using Appliance.Hosting;
using Appliance.Hosting.Health;
using Appliance.Router.Capture;
using Appliance.Router.Devices;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Capture;
using Appliance.Router.Tests.Decoding;
using Appliance.Router.Traffic;
using Appliance.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Router.Tests.Traffic;

public sealed class CaptureRunTests : IAsyncDisposable
{
    private static readonly byte[] Datagram = Frames.IPv4Frame("10.0.0.1", "10.0.0.2", 17, Frames.Udp(1, 53, [1]));
    private readonly TestSite _site = new();
    private readonly TempFolder _folder = new();
    private PacketPaths? _paths;
    private CaptureStart? _start;

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_file_that_has_ended_has_told_all_its_events()
    {
        var (run, health) = await StartAsync(CaptureBytes.Classic(Datagram, Datagram));

        await run.Completion;

        Assert.Null(run.Fault);
        Assert.Equal((2L, 2ul), (run.Totals.Packets, run.LastSequence));
        Assert.Equal(PartState.Healthy, Capture(health).State);
    }

    [Fact]
    public async Task A_damaged_file_completes_with_its_fault()
    {
        var (run, health) = await StartAsync(CaptureBytes.Classic(Datagram, Datagram)[..^1]);

        await run.Completion;

        Assert.Equal(CaptureFaultKind.TruncatedRecord, run.Fault?.Kind);
        Assert.Equal((1L, PartState.Failed), (run.Totals.Packets, Capture(health).State));
        Assert.Equal(run.Fault?.Text, Capture(health).Text);
    }

    [Fact]
    public async Task A_file_that_is_held_back_is_played_once_it_may_begin()
    {
        var start = new CaptureStart();
        _start = start;
        var (run, health) = await StartAsync(CaptureBytes.Classic(Datagram, Datagram));

        var before = (run.Completion.IsCompleted, run.Totals.Packets, Told: health.Snapshot.Any(part => part.Part == "capture"));
        start.Begin();
        await run.Completion;

        Assert.Equal((false, 0L, false), before);
        Assert.Equal(2L, run.Totals.Packets);
    }

    [Fact]
    public async Task A_loop_goes_on_and_on()
    {
        var (run, _) = await StartAsync(CaptureBytes.Classic(Datagram), ("Router:Capture:Loop", "true"));

        while (run.Totals.Packets < 1000)
        {
            await Task.Yield();
        }

        Assert.False(run.Completion.IsCompleted);
    }

    [Fact]
    public async Task An_interface_that_is_not_there_is_waited_for()
    {
        var (run, health) = await StartAsync(null, ("Router:Capture:Interfaces:0:Name", "none0"));

        await foreach (var part in health.WatchAsync(TestContext.Current.CancellationToken))
        {
            if (part is { Part: "capture", State: PartState.Failed })
            {
                break;
            }
        }

        Assert.Contains("none0", Capture(health).Text);
        Assert.False(run.Completion.IsCompleted);
    }

    [Fact]
    public async Task What_libpcap_watches_in_place_of_the_ring_is_degraded_and_says_why()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: watches interfaces");
        Libpcap.SkipIfMissing();
        var (_, health) = await StartAsync(null, ("Router:Capture:Interfaces:0:Name", "any"));

        await foreach (var part in health.WatchAsync(TestContext.Current.CancellationToken))
        {
            if (part is { Part: "capture", State: PartState.Degraded })
            {
                break;
            }
        }

        Assert.Equal(
            "Watches any. any: by libpcap, on one thread: the kernel has no single interface of that name.",
            Capture(health).Text);
    }

    [Fact]
    public async Task An_interface_is_watched_by_all_its_threads()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: watches the loopback interface");
        var (_, health) = await StartAsync(null, ("Router:Capture:Interfaces:0:Name", "lo"), ("Router:Capture:Interfaces:0:Threads", "2"));
        await foreach (var part in health.WatchAsync(TestContext.Current.CancellationToken))
        {
            if (part is { Part: "capture", State: PartState.Healthy, Text: "Watches lo." })
            {
                break;
            }
        }

        using var receiver = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)receiver.Client.LocalEndPoint!).Port;
        using var sender = new UdpClient(AddressFamily.InterNetwork);
        await sender.SendAsync(new byte[] { 1 }, new IPEndPoint(IPAddress.Loopback, port), TestContext.Current.CancellationToken);
        await receiver.ReceiveAsync(TestContext.Current.CancellationToken);

        Flow flow;
        while ((flow = _paths!.ListFlows(long.MaxValue, int.MaxValue).Select(listed => listed.Flow).FirstOrDefault(found => found.Key.DestinationPort == port)).PacketsOut == 0)
        {
            await Task.Yield();
        }

        Assert.Equal(("lo", 1L), (flow.Interface, flow.PacketsOut));
    }

    [Fact]
    public async Task Without_a_source_the_router_says_that_it_watches_nothing()
    {
        var (run, health) = await StartAsync(null);

        await run.Completion;

        Assert.Equal(PartState.Degraded, Capture(health).State);
    }

    private static PartHealth Capture(HealthBoard health) => health.Snapshot.Single(part => part.Part == "capture");

    private async Task<(CaptureRun Run, HealthBoard Health)> StartAsync(byte[]? capture, params (string Key, string? Value)[] settings)
    {
        var file = capture is null ? "" : _folder.File("replay.pcap");
        if (capture is not null)
        {
            await File.WriteAllBytesAsync(file, capture, TestContext.Current.CancellationToken);
        }

        var app = await _site.StartAsync(
            Role.Router,
            builder => builder.Services.AddSingleton(_start ?? CaptureStart.AtOnce()).AddCapture().AddFlows().AddDevices().AddTraffic(),
            app => app.MapRoleService<TrafficGrpcService>(),
            [("Router:Capture:File", file), ("Router:Capture:Speed", "0"), .. settings]);
        _paths = app.Services.GetRequiredService<PacketPaths>();
        return (app.Services.GetRequiredService<CaptureRun>(), app.Services.GetRequiredService<HealthBoard>());
    }
}
