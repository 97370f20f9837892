using Appliance.Detector.Detectors;
using Appliance.Detector.Flows;

namespace Appliance.Detector.Tests.Detectors.Scans;

public sealed class ScanDetectorTests
{
    private const string Scanner = "192.168.1.66";
    private const string Victim = "192.168.1.10";

    [Fact]
    public void Fifth_refused_port_is_a_scan_and_the_fourth_is_not()
    {
        var scene = new Scene();
        for (var port = 1; port <= 4; port++)
        {
            scene.Wait(0.001).Refuse(scene.Begin(scene.Tcp(Scanner, Victim, (ushort)port)));
        }

        Assert.Empty(scene.Alerts);
        scene.Refuse(scene.Begin(scene.Tcp(Scanner, Victim, 5)));

        var alert = Assert.Single(scene.Alerts);
        Assert.Equal((Category.Scan, Severity.Medium, Scanner, 5L), (alert.Category, alert.Severity, alert.Source.ToString(), alert.Evidence.Events));
    }

    [Fact]
    public void Silence_is_a_failure_after_three_seconds()
    {
        var scene = new Scene();
        for (var host = 1; host <= 5; host++)
        {
            scene.Begin(scene.Tcp(Scanner, $"192.168.1.{host}", 23));
        }

        scene.Settle(2.9);
        Assert.Empty(scene.Alerts);
        scene.Settle(0.2);

        var alert = Assert.Single(scene.Alerts);
        Assert.Equal(("tcp/23", 5), (alert.Service.ToString(), alert.Destinations.Count));
    }

    [Fact]
    public void Ten_probes_before_the_capture_ends_are_a_scan()
    {
        var scene = new Scene();
        foreach (var port in new ushort[] { 21, 113, 23, 135, 111, 143, 445, 554, 22, 995 })
        {
            scene.Begin(scene.Tcp(Scanner, Victim, port));
        }

        scene.Finish();

        Assert.Equal(10, Assert.Single(scene.Latest).Evidence.Events);
    }

    [Fact]
    public void Flow_that_ends_unanswered_counts_at_once()
    {
        var scene = new Scene();
        for (var port = 1; port <= 5; port++)
        {
            scene.End(scene.Begin(scene.Tcp(Scanner, Victim, (ushort)port)), EndReason.CaptureEnded);
        }

        Assert.Single(scene.Serious);
    }

    [Fact]
    public void Flow_evicted_by_the_router_is_judged_by_time_alone()
    {
        var scene = new Scene();
        for (var port = 1; port <= 5; port++)
        {
            scene.End(scene.Begin(scene.Tcp(Scanner, Victim, (ushort)port)), EndReason.Evicted);
        }

        Assert.Empty(scene.Alerts);
        scene.Settle(3);
        Assert.Single(scene.Alerts);
    }

    [Fact]
    public void Long_good_past_delays_the_decision_by_no_failure()
    {
        var scene = new Scene();
        for (var host = 1; host <= 100; host++)
        {
            scene.Talk(Scanner, $"198.51.100.{host}", 443);
        }

        for (var port = 1; port <= 5; port++)
        {
            Assert.Empty(scene.Alerts);
            scene.Refuse(scene.Begin(scene.Tcp(Scanner, Victim, (ushort)port)));
        }

        Assert.Single(scene.Alerts);
    }

    [Fact]
    public void Twenty_five_failures_in_five_minutes_are_a_scan_however_many_others_answer()
    {
        var scene = new Scene();
        for (var host = 1; host <= 25; host++)
        {
            Assert.Empty(scene.Alerts);
            scene.Talk(Scanner, $"192.168.2.{host}", 80);
            scene.Refuse(scene.Begin(scene.Tcp(Scanner, $"192.168.3.{host}", 80)));
            scene.Settle(10);
        }

        Assert.Equal(Severity.Medium, Assert.Single(scene.Latest).Severity);
    }

    [Fact]
    public void Scan_of_ten_contacts_in_four_hours_is_found()
    {
        var scene = new Scene();
        var contacts = new (int Minutes, string Host, ushort Port)[]
        {
            (0, "192.168.228.35", 8080), (42, "10.10.13.28", 80), (25, "192.168.197.247", 80), (19, "10.10.127.73", 88), (5, "192.168.163.190", 80),
        };
        foreach (var (minutes, host, port) in contacts)
        {
            scene.Settle(minutes * 60);
            scene.Begin(scene.Tcp("125.27.226.209", host, port));
        }

        scene.Settle(3);

        var alert = Assert.Single(scene.Serious);
        Assert.Equal(("125.27.226.209", "T1595.001"), (alert.Source.ToString(), alert.Technique));
    }

    [Fact]
    public void Fifty_targets_make_it_severe()
    {
        var scene = new Scene();
        for (var port = 1; port <= 60; port++)
        {
            scene.Refuse(scene.Begin(scene.Tcp(Scanner, Victim, (ushort)port)));
        }

        Assert.Equal(Severity.High, Assert.Single(scene.Finish().Latest).Severity);
    }

    [Fact]
    public void Worm_that_asks_ten_hosts_outside_for_one_service_is_severe()
    {
        var scene = new Scene();
        for (var host = 1; host <= 13; host++)
        {
            scene.Begin(scene.Tcp(Scanner, $"203.0.113.{host}", 23));
            scene.Settle(1);
        }

        scene.Settle(3);

        Assert.Equal((Severity.High, "tcp/23"), (scene.Finish().Latest[0].Severity, scene.Latest[0].Service.ToString()));
    }

    [Fact]
    public void Rapid_sweep_of_web_servers_outside_is_a_scan()
    {
        var scene = new Scene();
        for (var host = 1; host <= 60; host++)
        {
            scene.Begin(scene.Tcp(Scanner, $"203.0.113.{host}", 80));
            scene.Wait(0.05);
        }

        scene.Settle(3);

        Assert.Equal(Severity.High, scene.Finish().Latest.Single().Severity);
    }

    [Fact]
    public void Closed_udp_ports_of_a_neighbor_are_a_scan_at_the_fifth()
    {
        var scene = new Scene();
        for (var port = 1; port <= 5; port++)
        {
            Assert.Empty(scene.Alerts);
            scene.Refuse(scene.Begin(scene.Udp(Scanner, Victim, (ushort)port)));
        }

        Assert.Single(scene.Serious);
    }

    [Fact]
    public void Sixteen_mute_udp_ports_of_one_host_are_a_scan()
    {
        var scene = new Scene();
        for (var port = 1; port <= 16; port++)
        {
            Assert.Empty(scene.Alerts);
            scene.Begin(scene.Udp(Scanner, Victim, (ushort)port));
            scene.Settle(3);
        }

        Assert.Single(scene.Serious);
    }

    [Fact]
    public void Source_that_completed_a_handshake_is_confirmed_by_a_new_revision()
    {
        var scene = new Scene();
        for (var port = 1; port <= 5; port++)
        {
            scene.Refuse(scene.Begin(scene.Tcp(Scanner, Victim, (ushort)port)));
        }

        scene.Wait(0.01).Talk(Scanner, Victim, 80);
        scene.Refuse(scene.Begin(scene.Tcp(Scanner, Victim, 81)));

        Assert.Equal([false, true], scene.Alerts.Select(alert => alert.IsSourceConfirmed));
    }

    [Fact]
    public void Scan_repeated_the_next_day_is_another_alert()
    {
        var scene = new Scene();
        for (var day = 0; day < 2; day++)
        {
            for (var port = 1; port <= 8; port++)
            {
                scene.Refuse(scene.Begin(scene.Tcp(Scanner, Victim, (ushort)port)));
            }

            scene.Settle(86_400);
        }

        Assert.Equal(2, scene.Latest.Count);
    }

    [Fact]
    public void Flood_of_forged_sources_does_not_hide_a_slow_scanner()
    {
        var settings = new DetectionSettings { Scans = new() { NewSources = 256, Sources = 256, PendingContacts = 256 } };
        var scene = new Scene(settings);
        for (var port = 1; port <= 5; port++)
        {
            scene.Refuse(scene.Begin(scene.Tcp(Scanner, Victim, (ushort)port)));
            for (var i = 0; port >= 2 && i < 2000; i++)
            {
                scene.Wait(0.02).Begin(scene.Tcp($"10.{port}.{i / 250}.{i % 250}", "192.168.1.99", (ushort)(7000 + i)));
            }
        }

        Assert.Contains(scene.Alerts, alert => alert.Category == Category.Scan && alert.Source.ToString() == Scanner);
        Assert.True(scene.Path.EvictedCount > 0);
    }

    [Fact]
    public void Explanation_names_the_count()
    {
        var scene = new Scene();
        for (var port = 1; port <= 5; port++)
        {
            scene.Refuse(scene.Begin(scene.Tcp(Scanner, Victim, (ushort)port)));
        }

        var reason = scene.Alerts[0].Explanations[0];
        Assert.Equal(("failed contacts", 5d, 4d), (reason.Feature, reason.Value, reason.Normal));
        Assert.StartsWith("5 first contacts failed", reason.Text, StringComparison.Ordinal);
    }
}
