using Appliance.Router.Capture;
using Appliance.Router.Devices;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Decoding;
using Appliance.Router.Tests.Flows;
using Appliance.Router.Traffic;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Router.Tests;

public sealed class PacketPathsTests
{
    [Fact]
    public void A_packet_that_is_forwarded_is_one_of_a_flow_of_each_interface()
    {
        using var services = Lay();
        var paths = services.GetRequiredService<PacketPaths>();
        var frame = Datagram(port: 1);

        Process(paths.Of("none0")[0], frame, time: 1);
        Process(paths.Of("none1")[0], frame, time: 2);

        var flows = paths.ListFlows(long.MaxValue, 10).Select(listed => TrafficWire.ToMessage(listed.Flow));
        Assert.Equal([("none1", 1ul), ("none0", 1ul)], flows.Select(flow => (flow.Interface, flow.PacketsOutCount)));
        Assert.Equal((2L, 2L, 2L * frame.Length), (paths.Totals.Packets, paths.Totals.Flows, paths.Totals.Bytes));
    }

    [Fact]
    public void Flows_of_all_threads_are_listed_newest_first_page_by_page()
    {
        using var services = Lay(("Router:Capture:Interfaces:0:Threads", "3"));
        var paths = services.GetRequiredService<PacketPaths>();
        var threads = paths.Of("none0");
        for (var port = 1; port <= 7; port++)
        {
            Process(threads[port % 3], Datagram(port), time: port);
        }

        var newest = paths.ListFlows(long.MaxValue, 3);
        Process(threads[0], Datagram(port: 8), time: 8);
        var rest = paths.ListFlows(newest[^1].Ordinal, 10);

        Assert.Equal([7, 6, 5, 4, 3, 2, 1], newest.Concat(rest).Select(listed => (int)listed.Flow.Key.SourcePort));
    }

    [Fact]
    public void Devices_are_learned_and_counted_on_our_side_alone()
    {
        using var services = Lay();
        var (paths, sightings) = (services.GetRequiredService<PacketPaths>(), services.GetRequiredService<SightingQueue>());
        var rates = new DeviceRates(paths);
        rates.Begin();
        var arp = Frames.Ethernet(0x0806, Frames.Arp(1, Frames.SourceMac, "192.0.2.9", "192.0.2.1"), destination: "ff:ff:ff:ff:ff:ff");

        Process(paths.Of("none1")[0], arp, time: 1);
        var (learned, counted) = (sightings.Reader.TryRead(out _), rates.Take(TimeSpan.FromSeconds(1)));
        Process(paths.Of("none0")[0], arp, time: 2);

        Assert.False(learned);
        Assert.Empty(counted);
        Assert.True(sightings.Reader.TryRead(out var sighting));
        Assert.Equal(Frames.SourceMac, sighting.Neighbor.SenderMac.ToString());
        Assert.Equal((Frames.SourceMac, (long)arp.Length), rates.Take(TimeSpan.FromSeconds(1)).Select(station => (station.Mac.ToString(), station.OutBytes)).Single());
    }

    [Fact]
    public void Rates_of_a_station_on_several_threads_add_up()
    {
        PacketPath[] threads = [new(new FlowOptions(), new RecordingSink(), null), new(new FlowOptions(), new RecordingSink(), null)];
        var rates = new DeviceRates(new PacketPaths(threads));
        rates.Begin();
        var frame = Datagram(port: 1);

        Process(threads[0], frame, time: 1);
        Process(threads[1], frame, time: 5);
        var stations = rates.Take(TimeSpan.FromSeconds(1));

        Assert.Equal((2L * frame.Length, 5L), stations.Where(station => station.OutBytes > 0).Select(station => (station.OutBytes, station.LastSent)).Single());
    }

    [Fact]
    public void Tables_divide_the_bounds_of_one()
    {
        var options = new FlowOptions { Capacity = 100_000, TrackedLogins = 8000, FactsPerSecond = 1000, FragmentBytes = 1_000_000, UdpIdle = TimeSpan.FromSeconds(7) };

        var share = options.Share(4);
        var small = options.Share(1000);

        Assert.Equal((25_000, 2000, 250, 250_000, 7), (share.Capacity, share.TrackedLogins, share.FactsPerSecond, share.FragmentBytes, share.UdpIdle.Seconds));
        Assert.Equal((100, 64, 64, 65_536, 7), (small.Capacity, small.TrackedLogins, small.FactsPerSecond, small.FragmentBytes, small.UdpIdle.Seconds));
        Assert.Equal(100_000, options.Capacity);
    }

    private static byte[] Datagram(int port) => Frames.IPv4Frame("10.0.0.1", "10.0.0.2", 17, Frames.Udp(port, 53, [1]));

    private static void Process(PacketPath path, byte[] bytes, long time) => path.Process(new Frame(bytes, bytes.Length, time, LinkType.Ethernet));

    // What the Router lays, without anything that runs on it.
    private static ServiceProvider Lay(params (string Key, string? Value)[] settings)
    {
        (string Key, string? Value)[] all = [("Router:Capture:Interfaces:0:Name", "none0"), ("Router:Capture:Interfaces:1:Name", "none1"), ("Router:Capture:Interfaces:1:Zone", "wan"), .. settings];
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(all.ToDictionary(setting => setting.Key, setting => setting.Value)).Build();
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton(TimeProvider.System)
            .AddLogging()
            .AddCapture().AddFlows().AddDevices().AddTraffic()
            .BuildServiceProvider();
    }
}
