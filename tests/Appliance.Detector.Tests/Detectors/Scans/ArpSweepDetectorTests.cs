using Appliance.Detector.Detectors;
using Appliance.Detector.Flows;

namespace Appliance.Detector.Tests.Detectors.Scans;

public sealed class ArpSweepDetectorTests
{
    private const string Sweeper = "192.168.1.66";

    [Fact]
    public void Twentieth_address_in_ten_seconds_is_a_sweep_and_the_nineteenth_is_not()
    {
        var scene = new Scene();
        Sweep(scene, 1, 19, 0.1);

        Assert.Empty(scene.Alerts);
        Sweep(scene, 20, 20, 0.1);

        var alert = Assert.Single(scene.Alerts);
        Assert.Equal((Category.Scan, Severity.Medium, "02:00:c0:a8:01:42", "T1018"), (alert.Category, alert.Severity, alert.Source.ToString(), alert.Technique));
        Assert.Equal((20L, 20), (alert.Evidence.Events, alert.Destinations.Count));
    }

    [Fact]
    public void Whole_network_is_one_alert()
    {
        var scene = new Scene();
        Sweep(scene, 0, 255, 0.01);

        Assert.Equal((255, 32), ((int)Assert.Single(scene.Finish().Latest).Evidence.Events, scene.Latest[0].Destinations.Count));
    }

    [Fact]
    public void Asking_for_the_same_addresses_again_is_no_sweep()
    {
        var scene = new Scene();
        for (var i = 0; i < 200; i++)
        {
            Sweep(scene, 100, 108, 0.1);
        }

        Assert.Empty(scene.Alerts);
    }

    [Fact]
    public void Router_that_refreshes_thirty_answering_leases_stays_silent()
    {
        var scene = new Scene();
        for (var host = 2; host < 32; host++)
        {
            scene.Wait(0.05).Arp(NeighborKind.Request, "192.168.1.1", $"192.168.1.{host}");
            if (host % 5 != 0)
            {
                scene.Wait(0.001).Arp(NeighborKind.Reply, $"192.168.1.{host}", "192.168.1.1");
            }
        }

        Assert.Empty(scene.Alerts);
    }

    [Fact]
    public void Phone_that_has_just_joined_is_no_more_than_low()
    {
        var scene = new Scene();
        scene.Arp(NeighborKind.Request, Scene.Mac(Scene.Address(Sweeper)), "0.0.0.0", Sweeper);
        scene.Wait(0.3).Arp(NeighborKind.Announcement, Sweeper, Sweeper);
        scene.Wait(10);
        for (var round = 0; round < 3; round++)
        {
            Sweep(scene, 1, 254, 0.01);
            scene.Wait(60);
        }

        Assert.Equal(Severity.Low, Assert.Single(scene.Finish().Latest).Severity);
    }

    [Fact]
    public void Tool_on_a_device_that_has_just_joined_gives_itself_away_by_the_network_address()
    {
        var scene = new Scene();
        scene.Arp(NeighborKind.Announcement, Sweeper, Sweeper);
        Sweep(scene, 0, 255, 0.01);

        Assert.Equal(Severity.Medium, Assert.Single(scene.Finish().Latest).Severity);
    }

    [Fact]
    public void Dhcp_request_is_joining_too()
    {
        var scene = new Scene();
        scene.Begin(scene.Udp("0.0.0.0", "255.255.255.255", 67, sourcePort: 68) with { SourceMac = Scene.Mac(Scene.Address(Sweeper)) });
        Sweep(scene, 1, 254, 0.01);

        Assert.Empty(scene.Serious);
    }

    [Fact]
    public void Joining_is_over_after_a_quarter_of_an_hour()
    {
        var scene = new Scene();
        scene.Arp(NeighborKind.Announcement, Sweeper, Sweeper);
        scene.Wait(TimeSpan.FromMinutes(16));
        Sweep(scene, 1, 254, 0.01);

        Assert.Single(scene.Finish().Serious.DistinctBy(alert => alert.Id));
    }

    [Fact]
    public void Announcing_again_and_again_does_not_keep_a_device_new()
    {
        var scene = new Scene();
        for (var i = 0; i < 5; i++)
        {
            scene.Arp(NeighborKind.Announcement, Sweeper, Sweeper);
            scene.Wait(TimeSpan.FromMinutes(5));
        }

        Sweep(scene, 1, 254, 0.01);

        Assert.NotEmpty(scene.Serious);
    }

    [Fact]
    public void Slow_sweep_is_found_at_the_sixtieth_address_of_the_hour()
    {
        var scene = new Scene();
        Sweep(scene, 1, 59, 30);

        Assert.Empty(scene.Alerts);
        Sweep(scene, 60, 60, 30);

        Assert.Single(scene.Serious);
    }

    [Fact]
    public void Neighbor_discovery_is_swept_as_well()
    {
        var scene = new Scene();
        for (var host = 1; host <= 20; host++)
        {
            scene.Wait(0.1).Arp(NeighborKind.Request, "fe80::66", $"2001:db8::{host:x}");
        }

        Assert.Single(scene.Alerts);
    }

    private static void Sweep(Scene scene, int first, int last, double gap)
    {
        for (var host = first; host <= last; host++)
        {
            if ($"192.168.1.{host}" != Sweeper)
            {
                scene.Wait(gap).Arp(NeighborKind.Request, Sweeper, $"192.168.1.{host}");
            }
        }
    }
}
