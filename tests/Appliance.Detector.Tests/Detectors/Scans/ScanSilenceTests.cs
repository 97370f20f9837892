using Appliance.Detector.Detectors;
using Appliance.Detector.Flows;

namespace Appliance.Detector.Tests.Detectors.Scans;

/// <summary>What looks a little like a scan and is none.</summary>
public sealed class ScanSilenceTests
{
    [Fact]
    public void Client_that_retries_one_dead_service_stays_silent()
    {
        var scene = new Scene();
        for (var i = 0; i < 200; i++)
        {
            scene.Refuse(scene.Begin(scene.Tcp("192.168.1.20", "192.168.1.10", 8080)));
            scene.Settle(60);
        }

        Assert.Empty(scene.Alerts);
    }

    [Fact]
    public void Client_with_four_dead_services_for_days_stays_silent()
    {
        var scene = new Scene();
        for (var hour = 0; hour < 96; hour++)
        {
            for (var host = 1; host <= 4; host++)
            {
                scene.Begin(scene.Tcp("192.168.1.20", $"192.168.1.{100 + host}", 8080));
            }

            scene.Settle(3600);
        }

        Assert.Empty(scene.Alerts);
    }

    [Fact]
    public void Answers_in_between_keep_a_browser_silent()
    {
        var scene = new Scene();
        for (var host = 1; host <= 200; host++)
        {
            if (host % 3 == 0)
            {
                scene.Begin(scene.Tcp("192.168.1.20", $"203.0.113.{host}", 443));
            }
            else
            {
                scene.Talk("192.168.1.20", $"198.51.100.{host}", 443);
            }

            scene.Settle(1);
        }

        Assert.Empty(scene.Serious);
    }

    [Fact]
    public void Failures_further_apart_than_six_hours_are_no_walk()
    {
        var scene = new Scene();
        for (var host = 1; host <= 20; host++)
        {
            scene.Begin(scene.Tcp("192.168.1.20", $"192.168.1.{100 + host}", 8080));
            scene.Settle(6.1 * 3600);
        }

        Assert.Empty(scene.Alerts);
    }

    [Fact]
    public void Phone_whose_way_out_is_down_is_no_more_than_low()
    {
        var scene = new Scene();
        for (var host = 1; host <= 40; host++)
        {
            scene.Begin(scene.Tcp("192.168.1.20", $"203.0.113.{host}", 443));
            scene.Begin(scene.Udp("192.168.1.20", $"203.0.113.{host}", 443));
            scene.Settle(3);
        }

        Assert.NotEmpty(scene.Alerts);
        Assert.Empty(scene.Serious);
    }

    [Fact]
    public void Peers_that_are_gone_are_no_more_than_low()
    {
        var scene = new Scene();
        for (var peer = 1; peer <= 60; peer++)
        {
            scene.Begin(scene.Tcp("192.168.1.20", $"203.0.113.{peer}", (ushort)(2000 + (peer * 613))));
            scene.Settle(5);
        }

        Assert.NotEmpty(scene.Alerts);
        Assert.Empty(scene.Serious);
    }

    [Fact]
    public void Fifteen_silent_cloud_services_say_nothing_yet()
    {
        var scene = new Scene();
        for (var host = 1; host <= 15; host++)
        {
            scene.Begin(scene.Tcp("192.168.1.20", $"203.0.113.{host}", 443));
        }

        scene.Settle(3);
        Assert.Empty(scene.Alerts);
        scene.Begin(scene.Tcp("192.168.1.20", "203.0.113.16", 443));
        scene.Settle(3);

        Assert.Equal(Severity.Low, Assert.Single(scene.Alerts).Severity);
    }

    [Fact]
    public void Traceroute_stays_silent()
    {
        var scene = new Scene();
        for (var hop = 0; hop < 90; hop++)
        {
            scene.Begin(scene.Udp("192.168.1.20", "203.0.113.9", (ushort)(33_434 + hop)));
        }

        scene.Settle(5);

        Assert.Empty(scene.Alerts);
    }

    [Fact]
    public void Device_that_answers_searches_stays_silent()
    {
        var scene = new Scene();
        for (var i = 0; i < 100; i++)
        {
            scene.Begin(scene.Udp("192.168.1.30", "192.168.1.20", (ushort)(50_000 + i), sourcePort: 1900));
            scene.Settle(3);
        }

        Assert.Empty(scene.Alerts);
    }

    [Fact]
    public void Group_addresses_are_no_contacts()
    {
        var scene = new Scene();
        for (var i = 1; i <= 50; i++)
        {
            scene.Begin(scene.Udp("192.168.1.30", $"239.255.255.{i}", 1900));
            scene.Begin(scene.Udp("192.168.1.30", "192.168.1.255", (ushort)(2000 + i)) with { DestinationMac = new MacAddress(0xffff_ffff_ffff) });
            scene.Begin(scene.Udp("192.168.1.30", "255.255.255.255", (ushort)(3000 + i)));
            scene.Begin(scene.Udp("fe80::1", $"ff02::{i:x}", 5353));
        }

        scene.Settle(5);

        Assert.Empty(scene.Alerts);
    }

    [Fact]
    public void Backscatter_stays_silent()
    {
        var scene = new Scene();
        for (var i = 1; i <= 250; i++)
        {
            scene.End(scene.Begin(scene.Tcp("203.0.113.7", $"192.168.5.{i}", (ushort)(1000 + i), Scene.Syn | Scene.Ack, isMidstream: true)), EndReason.Idle);
            scene.End(scene.Begin(scene.Tcp("203.0.113.8", $"192.168.5.{i}", (ushort)(1000 + i), Scene.Rst, isMidstream: true)), EndReason.Reset);
            scene.Settle(20);
        }

        Assert.Empty(scene.Finish().Alerts);
    }
}
