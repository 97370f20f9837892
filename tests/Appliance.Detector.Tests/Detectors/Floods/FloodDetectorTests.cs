using Appliance.Detector.Detectors;
using Appliance.Detector.Flows;

namespace Appliance.Detector.Tests.Detectors.Floods;

public sealed class FloodDetectorTests
{
    private const string Attacker = "192.168.1.66";
    private const string Victim = "192.168.1.10";

    [Fact]
    public void Two_hundred_syns_at_a_thousand_a_second_are_a_flood()
    {
        var scene = new Scene();
        Syns(scene, 200, 0.001, _ => (Attacker, 443));

        var alert = Assert.Single(scene.Finish().Latest);
        Assert.Equal((Category.Flood, Severity.High, "tcp/443", Attacker), (alert.Category, alert.Severity, alert.Service.ToString(), alert.Source.ToString()));
        Assert.False(alert.IsSourceConfirmed);
    }

    [Theory]
    [InlineData(150)]
    [InlineData(300)]
    [InlineData(1000)]
    [InlineData(38_000)]
    public void Syn_flood_is_found_within_its_bound(int rate)
    {
        var scene = new Scene();
        var start = scene.Now;
        var bound = (100.0 / (rate - 50)) + 0.1;
        Syns(scene, (int)(rate * 1.3) + 150, 1.0 / rate, _ => (Attacker, 80));

        Assert.InRange((Nanoseconds(scene) - start) / 1e9, 0, Math.Min(1.1, bound));
    }

    [Fact]
    public void Forty_connection_attempts_a_second_are_borne_for_ever()
    {
        var scene = new Scene();
        Syns(scene, 4000, 1.0 / 40, _ => ("192.168.1.20", 443));

        Assert.DoesNotContain(scene.Alerts, alert => alert.Category == Category.Flood);
    }

    [Fact]
    public void Syns_from_forged_sources_name_the_frames_mac()
    {
        var scene = new Scene();
        for (var i = 0; i < 500; i++)
        {
            scene.Wait(0.001).Begin(scene.Tcp($"10.{i % 7}.{i % 250}.{i % 199}", Victim, 80) with { SourceMac = new MacAddress(0xdeadbeef) });
        }

        var alert = Assert.Single(scene.Finish().Latest);
        Assert.Equal(("00:00:de:ad:be:ef", false), (alert.Source.ToString(), alert.IsSourceConfirmed));
        Assert.Equal([Victim], alert.Destinations);
    }

    [Fact]
    public void Syn_flood_over_random_ports_is_found_although_it_looks_like_a_scan()
    {
        var scene = new Scene();
        var random = new Random(7);
        Syns(scene, 12_000, 1.0 / 17_000, _ => (Attacker, (ushort)random.Next(65_536)));

        Assert.Contains(scene.Alerts, alert => alert.Category == Category.Flood);
    }

    [Theory]
    [InlineData(1_000, 1, 500)]
    [InlineData(1_000, 1, 20_000)]
    [InlineData(1_000, 2, 2_000)]
    [InlineData(65_535, 1, 40_000)]
    public void Port_scan_is_no_flood(int ports, int tries, int rate)
    {
        var scene = new Scene();
        for (var attempt = 0; attempt < tries; attempt++)
        {
            for (var port = 1; port <= ports; port++)
            {
                var flow = scene.Wait(1.0 / rate).Begin(scene.Tcp(Attacker, Victim, (ushort)port));
                if (tries == 1)
                {
                    scene.End(scene.Refuse(flow), EndReason.Reset);
                }
            }
        }

        Assert.Equal([Category.Scan], scene.Finish().Latest.Select(alert => alert.Category));
    }

    [Fact]
    public void Connections_that_are_answered_and_never_completed_are_a_flood()
    {
        var scene = new Scene();
        var start = scene.Now;
        for (var i = 0; i < 500; i++)
        {
            var flow = scene.Wait(0.002).Answer(scene.Begin(scene.Tcp(Attacker, Victim, 80)));
            // The attacker's own kernel resets what it never opened.
            scene.End(flow with { PacketsOut = 2, TcpFlagsOut = Scene.Syn | Scene.Rst, IsSourceConfirmed = true }, EndReason.Reset);
        }

        Assert.Contains(scene.Alerts, alert => alert.Category == Category.Flood && alert.IsSourceConfirmed);
        Assert.InRange((Nanoseconds(scene) - start) / 1e9, 0, 1.1);
    }

    [Fact]
    public void Busy_server_whose_connections_complete_stays_silent()
    {
        var scene = new Scene();
        for (var i = 0; i < 5000; i++)
        {
            scene.Wait(0.0005).Talk($"192.168.1.{20 + (i % 40)}", Victim, 80);
        }

        Assert.Empty(scene.Alerts);
    }

    [Fact]
    public void Hundred_devices_that_come_back_to_their_broker_stay_silent()
    {
        var scene = new Scene();
        for (var device = 1; device <= 100; device++)
        {
            scene.Wait(0.002).Answer(scene.Begin(scene.Tcp($"192.168.1.{device}", Victim, 8883)));
        }

        Assert.Empty(scene.Settle(10).Alerts);
    }

    [Theory]
    [InlineData(800)]
    [InlineData(1000)]
    [InlineData(20_000)]
    public void Udp_flood_in_one_flow_is_found_within_a_second(int rate)
    {
        var scene = new Scene();
        var start = scene.Now;
        var flow = scene.Begin(scene.Udp(Attacker, Victim, 9999));
        foreach (var packets in Doublings(rate * 2))
        {
            Grow(scene, flow, start, packets, rate, 30);
        }

        Assert.InRange((Nanoseconds(scene) - start) / 1e9, 0, 1);
        Assert.Equal("udp/9999", scene.Alerts[0].Service.ToString());
    }

    [Fact]
    public void Udp_flood_with_a_flow_a_packet_is_found()
    {
        var scene = new Scene();
        var start = scene.Now;
        for (var i = 0; i < 1000; i++)
        {
            scene.Wait(0.001).Begin(scene.Udp(Attacker, Victim, 53));
        }

        Assert.InRange((Nanoseconds(scene) - start) / 1e9, 0, 1);
    }

    [Fact]
    public void Dns_questions_that_are_answered_are_no_flood()
    {
        var scene = new Scene();
        for (var i = 0; i < 5000; i++)
        {
            var flow = scene.Wait(0.0005).Begin(scene.Udp("192.168.1.20", "192.168.1.1", 53));
            scene.Tell(FlowEventKind.Answered, flow with { State = FlowState.Answered, PacketsIn = 1 });
        }

        Assert.Empty(scene.Alerts);
    }

    [Fact]
    public void Camera_stream_is_no_flood()
    {
        var scene = new Scene();
        var start = scene.Now;
        var flow = scene.Begin(scene.Udp("192.168.1.30", "192.168.1.5", 6970));
        foreach (var packets in Doublings(2200 * 60))
        {
            Grow(scene, flow, start, packets, 2200, 1200);
        }

        Assert.Empty(scene.Alerts);
    }

    [Fact]
    public void Slow_one_sided_flow_is_no_burst_when_it_is_told_of_late()
    {
        var scene = new Scene();
        var start = scene.Now;
        var flow = scene.Begin(scene.Udp("192.168.1.30", "192.168.1.5", 514));
        foreach (var packets in Doublings(40_000))
        {
            flow = Grow(scene, flow, start, packets, 100, 100);
        }

        scene.Wait(60).End(flow, EndReason.Idle);

        Assert.Empty(scene.Alerts);
    }

    [Fact]
    public void Two_sided_stream_is_no_flood()
    {
        var scene = new Scene();
        var start = scene.Now;
        var flow = scene.Begin(scene.Udp("192.168.1.20", "203.0.113.5", 443));
        foreach (var packets in Doublings(100_000))
        {
            Grow(scene, flow with { State = FlowState.Answered, PacketsIn = packets / 4 }, start, packets, 5000, 1200);
        }

        Assert.Empty(scene.Alerts);
    }

    [Fact]
    public void Ten_thousand_dhcp_requests_of_one_moment_are_a_flood()
    {
        var scene = new Scene();
        var flow = scene.Begin(scene.Udp("0.0.0.0", "255.255.255.255", 67, sourcePort: 68));
        foreach (var packets in Doublings(10_000))
        {
            scene.Tell(FlowEventKind.Updated, flow with { PacketsOut = packets, BytesOut = packets * 300 });
        }

        scene.End(flow with { PacketsOut = 10_000 }, EndReason.CaptureEnded);

        var alert = Assert.Single(scene.Finish().Latest);
        Assert.Equal("udp/67", alert.Service.ToString());
        Assert.InRange(alert.Evidence.Events, 4096, 10_000);
    }

    [Fact]
    public void Household_after_a_power_cut_is_no_dhcp_flood()
    {
        var scene = new Scene();
        for (var device = 0; device < 50; device++)
        {
            scene.Wait(0.02).Begin(scene.Udp("0.0.0.0", "255.255.255.255", 67, sourcePort: (ushort)(68 + device)));
            scene.Wait(0.02).Begin(scene.Udp("0.0.0.0", "255.255.255.255", 67, sourcePort: (ushort)(168 + device)));
        }

        Assert.DoesNotContain(scene.Alerts, alert => alert.Category == Category.Flood);
    }

    [Theory]
    [InlineData(250)]
    [InlineData(5000)]
    public void Ping_flood_is_found_within_a_second_although_it_is_answered(int rate)
    {
        var scene = new Scene();
        var start = scene.Now;
        var flow = scene.Begin(Scene.Ping(Attacker, Victim));
        foreach (var packets in Doublings(rate * 2))
        {
            Grow(scene, flow with { PacketsIn = packets }, start, packets, rate, 84);
        }

        Assert.InRange((Nanoseconds(scene) - start) / 1e9, 0, 1.05);
        Assert.Equal("icmp", scene.Alerts[0].Service.ToString());
    }

    [Fact]
    public void Ordinary_ping_stays_silent_for_hours()
    {
        var scene = new Scene();
        var start = scene.Now;
        var flow = scene.Begin(Scene.Ping("192.168.1.20", Victim));
        foreach (var packets in Doublings(36_000))
        {
            Grow(scene, flow with { PacketsIn = packets }, start, packets, 5, 84);
        }

        Assert.Empty(scene.Alerts);
    }

    [Fact]
    public void Polling_at_190_packets_a_second_in_one_connection_stays_silent()
    {
        var scene = new Scene();
        var start = scene.Now;
        var flow = scene.Answer(scene.Begin(scene.Tcp("192.168.1.5", "192.168.1.40", 502)));
        foreach (var packets in Doublings(11_000))
        {
            Grow(scene, flow with { PacketsIn = packets, TcpFlagsOut = Scene.Syn | Scene.Ack }, start, packets, 95, 60);
        }

        Assert.Empty(scene.Alerts);
    }

    [Fact]
    public void Stray_packets_at_one_port_are_a_flood_and_over_many_are_not()
    {
        var scene = new Scene();
        for (var i = 0; i < 2000; i++)
        {
            scene.Wait(0.0005).Begin(scene.Tcp(Attacker, Victim, 80, Scene.Ack, isMidstream: true));
            scene.Begin(scene.Tcp("203.0.113.9", "192.168.1.77", (ushort)i, Scene.Rst, isMidstream: true));
        }

        Assert.Equal([Victim], scene.Finish().Latest.Where(alert => alert.Category == Category.Flood).SelectMany(alert => alert.Destinations));
    }

    [Fact]
    public void Flood_is_over_some_seconds_after_its_last_packet()
    {
        var scene = new Scene();
        Syns(scene, 20_000, 1.0 / 20_000, _ => (Attacker, 443));
        scene.Settle(30);
        var revisions = scene.Alerts.Count;
        scene.Talk("192.168.1.20", Victim, 443);
        scene.Begin(scene.Tcp("192.168.1.21", Victim, 443));

        Assert.Equal(revisions, scene.Settle(5).Alerts.Count);
    }

    private static long Nanoseconds(Scene scene)
    {
        Assert.NotEmpty(scene.Alerts);
        return (scene.Alerts[0].Time - DateTimeOffset.UnixEpoch).Ticks * 100;
    }

    private static void Syns(Scene scene, int count, double gap, Func<int, (string Source, ushort Port)> next)
    {
        for (var i = 0; i < count; i++)
        {
            var (source, port) = next(i);
            scene.Wait(gap).Begin(scene.Tcp(source, Victim, port));
        }
    }

    // When the Router tells of a busy flow: 64, 128, … 4096, then every 4096.
    private static IEnumerable<long> Doublings(long last)
    {
        for (var packets = 64L; packets <= last; packets += Math.Min(packets, 4096))
        {
            yield return packets;
        }
    }

    private static Flow Grow(Scene scene, in Flow flow, long start, long packets, int rate, int size)
    {
        scene.Wait(((double)packets / rate) - ((scene.Now - start) / 1e9));
        return scene.Tell(FlowEventKind.Updated, flow with { PacketsOut = packets, BytesOut = packets * size });
    }
}
