using Appliance.Detector.Detectors;

namespace Appliance.Detector.Tests.Detectors.Scans;

public sealed class FlagProbeDetectorTests
{
    private const string Scanner = "192.168.1.66";

    [Theory]
    [InlineData(0x00)] // NULL
    [InlineData(0x01)] // FIN
    [InlineData(0x29)] // Xmas
    [InlineData(0x03)] // SYN-FIN
    public void Third_target_of_impossible_flags_is_a_scan_and_the_second_is_not(byte flags)
    {
        var scene = new Scene();
        for (ushort port = 1; port <= 2; port++)
        {
            scene.Begin(scene.Tcp(Scanner, "192.168.1.10", port, flags, isMidstream: true));
        }

        Assert.Empty(scene.Alerts);
        scene.Begin(scene.Tcp(Scanner, "192.168.1.10", 3, flags, isMidstream: true));

        var alert = Assert.Single(scene.Alerts);
        Assert.Equal((Category.Scan, Severity.Medium, "flag-probe", 3L), (alert.Category, alert.Severity, alert.Detector, alert.Evidence.Events));
    }

    [Theory]
    [InlineData(0x12)] // SYN-ACK
    [InlineData(0x04)] // RST
    [InlineData(0x14)] // RST-ACK
    [InlineData(0x11)] // FIN-ACK
    [InlineData(0x18)] // PSH-ACK
    public void Packets_of_other_peoples_connections_stay_silent(byte flags)
    {
        var scene = new Scene();
        for (ushort port = 1; port <= 100; port++)
        {
            scene.Wait(0.1).Begin(scene.Tcp(Scanner, "192.168.1.10", port, flags, isMidstream: true));
        }

        Assert.Empty(scene.Alerts);
    }

    [Fact]
    public void Same_target_again_is_no_further_evidence()
    {
        var scene = new Scene();
        for (var i = 0; i < 20; i++)
        {
            scene.Begin(scene.Tcp(Scanner, "192.168.1.10", 80, 0, isMidstream: true));
        }

        Assert.Empty(scene.Alerts);
    }

    [Fact]
    public void Twentieth_port_of_bare_acknowledgements_is_a_scan()
    {
        var scene = new Scene();
        for (ushort port = 1; port <= 19; port++)
        {
            scene.Begin(scene.Tcp(Scanner, "192.168.1.10", port, Scene.Ack, isMidstream: true));
        }

        Assert.Empty(scene.Alerts);
        scene.Begin(scene.Tcp(Scanner, "192.168.1.10", 20, Scene.Ack, isMidstream: true));

        Assert.Equal(20, Assert.Single(scene.Alerts).Evidence.Events);
    }

    [Fact]
    public void Router_that_starts_amid_connections_sees_no_scan()
    {
        var scene = new Scene();
        for (var i = 0; i < 100; i++)
        {
            // A server that acknowledges to a hundred clients' ports.
            scene.Begin(scene.Tcp("203.0.113.5", "192.168.1.10", (ushort)(49_152 + i), Scene.Ack, isMidstream: true));
            scene.Begin(scene.Tcp("192.168.1.10", $"203.0.113.{i}", 443, Scene.Ack, isMidstream: true));
        }

        Assert.Empty(scene.Alerts);
    }
}
