using Appliance.Detector.Detectors.Scans;
using Appliance.Detector.Features;
using Appliance.Detector.Flows;

namespace Appliance.Detector.Tests.Features;

/// <summary>Windows computed by hand, event by event.</summary>
public sealed class WindowBuilderTests
{
    private const string Device = "192.168.1.20";
    private const string Other = "192.168.1.30";
    private const string Cloud = "203.0.113.5";
    private const long Second = 1_000_000_000;

    // 2026-01-01 00:00:00 UTC, a multiple of ten seconds.
    private const long Start = 1_767_225_600 * Second;

    private readonly List<DeviceWindow> _windows = [];
    private readonly FlowMemory _memory = new(64);
    private readonly WindowBuilder _builder;

    public WindowBuilderTests() => _builder = new WindowBuilder(new ScanOptions().LocalNetworks, _windows.Add);

    [Fact]
    public void One_answered_conversation_gives_the_window_that_paper_gives()
    {
        var flow = Tcp(Device, Cloud, 443);
        Tell(FlowEventKind.Began, flow, 1);
        Tell(FlowEventKind.Answered, flow with { State = FlowState.Answered, PacketsIn = 1, BytesIn = 60 }, 1.1);
        Tell(FlowEventKind.Ended, Ended(flow) with { PacketsOut = 6, BytesOut = 960, PacketsIn = 5, BytesIn = 2060, Application = ApplicationKind.Tls }, 4);

        var window = Assert.Single(Finish());

        Assert.Equal(Scene.Mac(Scene.Address(Device)).ToString(), window.Device);
        Assert.Equal(Start, window.Start);
        Assert.Equal(
            Expected(
                (Feature.AskedFlows, 1), (Feature.AskedTcpFlows, 1), (Feature.AskedAnswered, 1), (Feature.AskedDestinations, 1), (Feature.AskedNewDestinations, 1),
                (Feature.AskedServices, 1), (Feature.AskedNewServices, 1), (Feature.AskedPairs, 1), (Feature.AskedPairsPerDestination, 1),
                // One packet of 60 bytes each way at once; then 5 of 6 parts of 960 bytes out, 4 of 5 of 2060 in.
                (Feature.AskedPacketsOut, 6), (Feature.AskedBytesOut, 860), (Feature.AskedPacketsIn, 5), (Feature.AskedBytesIn, 1708),
                (Feature.AskedPacketSizeOut, 860 / 6f), (Feature.AskedPacketSizeIn, 1708 / 5f), (Feature.AskedOutPercent, 100f * 860 / (860 + 1708)),
                (Feature.EndedFlows, 1), (Feature.EndedSeconds, 3), (Feature.EndedPackets, 11), (Feature.EncryptedFlows, 1),
                (Feature.FlowsPerMinute, 1), (Feature.FlowsPerTenMinutes, 1), (Feature.NewDestinationsPerTenMinutes, 1)),
            window.Values);
    }

    [Fact]
    public void Both_ends_inside_the_site_have_their_own_windows()
    {
        var flow = Tcp(Other, Device, 22);
        Tell(FlowEventKind.Began, flow, 1);
        Tell(FlowEventKind.Refused, flow with { State = FlowState.Refused, PacketsIn = 1, BytesIn = 40 }, 1);

        var windows = Finish();

        Assert.Equal([Mac(Other), Mac(Device)], windows.Select(window => window.Device));
        Assert.Equal(1, windows[0].Values[(int)Feature.AskedRefused]);
        Assert.Equal(1, windows[0].Values[(int)Feature.AskedLocalDestinations]);
        Assert.Equal(
            Expected(
                (Feature.ServedFlows, 1), (Feature.ServedSources, 1), (Feature.ServedServices, 1), (Feature.ServedFailed, 1),
                (Feature.ServedPacketsIn, 1), (Feature.ServedBytesIn, 60), (Feature.ServedBytesOut, 40)),
            windows[1].Values);
    }

    [Fact]
    public void A_host_outside_has_no_window()
    {
        Tell(FlowEventKind.Began, Tcp(Cloud, Device, 80), 1);

        Assert.Equal([Mac(Device)], Finish().Select(window => window.Device));
    }

    [Fact]
    public void Distinct_things_count_once_and_are_new_once_an_hour()
    {
        for (var i = 0; i < 3; i++)
        {
            Tell(FlowEventKind.Began, Tcp(Device, Cloud, 443), 1 + i);
            Tell(FlowEventKind.Began, Tcp(Device, Cloud, 80), 1 + i);
            Tell(FlowEventKind.Began, Tcp(Device, "203.0.113.6", 80), 1 + i);
        }

        Tell(FlowEventKind.Began, Tcp(Device, Cloud, 443), 3000);
        Tell(FlowEventKind.Began, Tcp(Device, Cloud, 443), 3000 + 3601);
        var windows = Finish();

        Assert.Equal((9, 2, 2, 3), Counts(windows[0]));
        Assert.Equal(1.5f, windows[0].Values[(int)Feature.AskedPairsPerDestination]);
        Assert.Equal([2, 0, 1], windows.Select(window => window.Values[(int)Feature.AskedNewDestinations]));
        Assert.Equal([2, 0, 1], windows.Select(window => window.Values[(int)Feature.AskedNewServices]));

        static (float Flows, float Destinations, float Services, float Pairs) Counts(DeviceWindow window) => (
            window.Values[(int)Feature.AskedFlows],
            window.Values[(int)Feature.AskedDestinations],
            window.Values[(int)Feature.AskedServices],
            window.Values[(int)Feature.AskedPairs]);
    }

    [Fact]
    public void Growth_over_a_minute_counts_with_ten_seconds_of_it()
    {
        var flow = Tcp(Device, Cloud, 443) with { State = FlowState.Answered };
        Tell(FlowEventKind.Updated, flow with { PacketsOut = 11, BytesOut = 1100, PacketsIn = 21, BytesIn = 21_000 }, 1);
        Tell(FlowEventKind.Updated, flow with { PacketsOut = 71, BytesOut = 7100, PacketsIn = 141, BytesIn = 141_000 }, 61);

        var window = Finish()[1];

        Assert.Equal(10, window.Values[(int)Feature.AskedPacketsOut]);
        Assert.Equal(1000, window.Values[(int)Feature.AskedBytesOut]);
        Assert.Equal(20, window.Values[(int)Feature.AskedPacketsIn]);
        Assert.Equal(20_000, window.Values[(int)Feature.AskedBytesIn]);
    }

    [Fact]
    public void Silence_counts_when_the_flow_is_given_up_and_fades_over_ten_minutes()
    {
        var flow = Tcp(Device, Cloud, 23);
        Tell(FlowEventKind.Began, flow, 1);
        Tell(FlowEventKind.Ended, flow with { EndReason = EndReason.Idle }, 31);
        Tell(FlowEventKind.Began, flow, 45);

        var windows = Finish();

        Assert.Equal([0, 1, 0], windows.Select(window => window.Values[(int)Feature.AskedSilent]));
        Assert.Equal(0, windows[0].Values[(int)Feature.FailedPerTenMinutes]);
        Assert.Equal(1, windows[1].Values[(int)Feature.FailedPerTenMinutes]);
        Assert.Equal(1 - (1 / 60.0), windows[2].Values[(int)Feature.FailedPerTenMinutes], 1e-6);
    }

    [Fact]
    public void Look_ups_log_ins_and_pings_have_their_own_features()
    {
        var question = Udp(Device, "192.168.1.1", 53) with { Application = ApplicationKind.Dns, BytesOut = 64 };
        Tell(FlowEventKind.Began, question, 1);
        Tell(FlowEventKind.Answered, question with { State = FlowState.Answered, PacketsIn = 1, BytesIn = 180 }, 1);
        Tell(FlowEventKind.Began, Scene.Ping(Device, Cloud) with { BytesOut = 84 }, 2);
        Tell(FlowEventKind.Updated, Tcp(Device, Other, 22) with { LoginFailures = 2, LoginSuccesses = 1 }, 3);

        var values = Finish().Single(window => window.Device == Mac(Device)).Values;

        Assert.Equal((1, 2, 64, 180), (values[(int)Feature.DnsFlows], values[(int)Feature.DnsPackets], values[(int)Feature.DnsPacketSizeOut], values[(int)Feature.DnsPacketSizeIn]));
        Assert.Equal((1, 1, 84), (values[(int)Feature.AskedIcmpFlows], values[(int)Feature.IcmpPackets], values[(int)Feature.IcmpPacketSize]));
        Assert.Equal((2, 1), (values[(int)Feature.LoginFailures], values[(int)Feature.LoginSuccesses]));
        Assert.Equal(2, Finish().Single(window => window.Device == Mac(Other)).Values[(int)Feature.ServedLoginFailures]);
    }

    [Fact]
    public void Probes_with_impossible_flags_and_old_connections_are_no_contacts()
    {
        Tell(FlowEventKind.Began, Tcp(Device, Other, 80) with { IsMidstream = true, TcpFlagsOut = TcpFlags.Fin }, 1);
        Tell(FlowEventKind.Began, Tcp(Device, Other, 81) with { IsMidstream = true, TcpFlagsOut = 0 }, 1);
        Tell(FlowEventKind.Began, Tcp(Device, Other, 82) with { IsMidstream = true, TcpFlagsOut = TcpFlags.Ack }, 1);

        var values = Finish()[0].Values;

        Assert.Equal((2, 1, 0), (values[(int)Feature.OddFlagFlows], values[(int)Feature.MidstreamFlows], values[(int)Feature.AskedFlows]));
    }

    [Fact]
    public void Groups_are_no_destinations()
    {
        var hello = Udp(Device, "239.255.255.250", 1900) with { DestinationMac = new MacAddress(0x0100_5e7f_fffa) };
        Tell(FlowEventKind.Began, hello, 1);
        Tell(FlowEventKind.Ended, hello with { EndReason = EndReason.Idle }, 2);

        var values = Assert.Single(Finish()).Values;

        Assert.Equal((1, 1, 0, 0), (values[(int)Feature.AskedFlows], values[(int)Feature.AskedGroupFlows], values[(int)Feature.AskedDestinations], values[(int)Feature.AskedSilent]));
    }

    [Fact]
    public void Arp_requests_count_for_their_sender()
    {
        foreach (var target in new[] { "192.168.1.1", "192.168.1.2", "192.168.1.1" })
        {
            var neighbor = new Neighbor(NeighborKind.Request, Scene.Mac(Scene.Address(Device)), Scene.Address(Device), Scene.Address(target), IsIPv4: true);
            _builder.Observe(new FlowEvent(FlowEventKind.Neighbor, Start + Second, default, neighbor), default);
        }

        var window = Assert.Single(Finish());

        Assert.Equal((3, 2), (window.Values[(int)Feature.NeighborRequests], window.Values[(int)Feature.NeighborTargets]));
    }

    [Fact]
    public void A_clock_has_no_variation_between_its_conversations()
    {
        for (var i = 0; i < 20; i++)
        {
            Tell(FlowEventKind.Began, Tcp(Device, Cloud, 443), 5 * i);
        }

        var values = Finish()[^1].Values;

        Assert.Equal(5, values[(int)Feature.GapSeconds], 1e-6);
        Assert.Equal(0, values[(int)Feature.GapVariation], 1e-6);
    }

    [Fact]
    public void The_end_of_the_capture_is_no_end_of_a_flow()
    {
        Tell(FlowEventKind.Ended, Tcp(Device, Cloud, 443) with { EndReason = EndReason.CaptureEnded, PacketsOut = 500 }, 1);

        Assert.Empty(Finish());
    }

    [Fact]
    public void A_link_without_mac_addresses_names_devices_by_ip()
    {
        Tell(FlowEventKind.Began, Tcp(Device, Cloud, 443) with { SourceMac = default, DestinationMac = default }, 1);

        Assert.Equal([Device], Finish().Select(window => window.Device));
    }

    [Fact]
    public void Forged_macs_push_out_devices_that_are_counted_and_windows_stay_whole()
    {
        for (ulong i = 0; i < 3000; i++)
        {
            Tell(FlowEventKind.Began, Udp(Device, Cloud, 9) with { SourceMac = new MacAddress(0x0200_0000_0000 + i) }, 1);
        }

        var windows = Finish();

        Assert.Equal(1024, windows.Select(window => window.Device).Distinct().Count());
        Assert.Equal(1024, windows.Count);
        Assert.Equal(3000 - 1024, _builder.Evicted);
        Assert.All(windows, window => Assert.Equal(1, window.Values[(int)Feature.AskedFlows]));
    }

    [Fact]
    public void A_flood_of_sources_is_counted_up_to_a_bound()
    {
        for (uint i = 0; i < 10_000; i++)
        {
            var flow = Tcp(Cloud, Device, 80);
            Tell(FlowEventKind.Began, flow with { Key = flow.Key with { Source = Scene.Address("198.18.0.0") + i } }, 1);
        }

        var values = Assert.Single(Finish()).Values;

        Assert.Equal(10_000, values[(int)Feature.ServedFlows]);
        Assert.Equal(4096, values[(int)Feature.ServedSources]);
    }

    [Fact]
    public void The_same_events_give_the_same_windows()
    {
        var again = new WindowBuilderTests();

        foreach (var test in new[] { this, again })
        {
            var random = new Random(4);
            for (var i = 0; i < 2000; i++)
            {
                test.Tell(FlowEventKind.Began, Tcp($"192.168.1.{random.Next(1, 40)}", $"203.0.113.{random.Next(1, 200)}", (ushort)random.Next(1, 100)), i / 20.0);
            }
        }

        Assert.Equal(
            Finish().Select(window => (window.Device, window.Start, string.Join(',', window.Values))),
            again.Finish().Select(window => (window.Device, window.Start, string.Join(',', window.Values))));
    }

    private static string Mac(string address) => Scene.Mac(Scene.Address(address)).ToString();

    private static Flow Ended(in Flow flow) => flow with { State = FlowState.Answered, EndReason = EndReason.Finished };

    private static Flow Tcp(string source, string destination, ushort port) => New(source, destination, port, 6) with { TcpFlagsOut = TcpFlags.Syn };

    private static Flow Udp(string source, string destination, ushort port) => New(source, destination, port, 17);

    private static Flow New(string source, string destination, ushort port, byte protocol)
    {
        var (from, to) = (Scene.Address(source), Scene.Address(destination));
        return new Flow
        {
            Key = new FlowKey(from, to, 40_000, port, protocol),
            IsIPv4 = true,
            SourceMac = Scene.Mac(from),
            DestinationMac = Scene.Mac(to),
            StartTime = Start + Second,
            PacketsOut = 1,
            BytesOut = 60,
        };
    }

    private static float[] Expected(params (Feature Feature, float Value)[] values)
    {
        var expected = new float[FeatureSchema.Count];
        foreach (var (feature, value) in values)
        {
            expected[(int)feature] = value;
        }

        return expected;
    }

    private void Tell(FlowEventKind kind, in Flow flow, double seconds)
    {
        var time = Start + (long)(seconds * Second);
        var told = new FlowEvent(kind, time, flow with { EndTime = time }, default);
        _builder.Observe(told, _memory.Measure(told));
    }

    private List<DeviceWindow> Finish()
    {
        _builder.Finish();
        return _windows;
    }
}
