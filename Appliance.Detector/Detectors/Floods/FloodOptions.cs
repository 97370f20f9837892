using System.ComponentModel.DataAnnotations;

namespace Appliance.Detector.Detectors.Floods;

/// <summary>What a destination can bear: a rate that is borne for ever, and an excess over it that is not.</summary>
/// <remarks>A flood of rate r is found after excess / (r - rate) seconds and the rest of one bucket of 100 ms.</remarks>
public sealed class FloodOptions
{
    public const string Section = "Detector:Floods";

    /// <summary>Unanswered SYNs a second to few ports of one destination; clients that retry make a few.</summary>
    [Range(5d, 100_000d)]
    public double SynRate { get; set; } = 50;

    /// <summary>Found within 1 s from 150 a second on.</summary>
    [Range(20d, 1_000_000d)]
    public double SynExcess { get; set; } = 100;

    /// <summary>Connections a second that are answered and never completed.</summary>
    [Range(20d, 100_000d)]
    public double HalfOpenRate { get; set; } = 200;

    /// <summary>Found within 1 s from 500 a second on; a broker that comes back sees each of its clients once.</summary>
    [Range(50d, 1_000_000d)]
    public double HalfOpenExcess { get; set; } = 250;

    /// <summary>SYNs or datagrams a second over many ports of one destination: below it, a scan.</summary>
    [Range(500d, 1_000_000d)]
    public double SpreadRate { get; set; } = 5_000;

    [Range(500d, 1_000_000d)]
    public double SpreadExcess { get; set; } = 1_000;

    /// <summary>Ports hit again within a spread flood; a scan visits each once, and a thousand again when they are silent.</summary>
    [Range(10, 100_000)]
    public int SpreadRepeats { get; set; } = 200;

    /// <summary>Datagrams a second that are not answered; large ones of one flow count an eighth (video: up to 2200 a second).</summary>
    [Range(50d, 1_000_000d)]
    public double UdpRate { get; set; } = 400;

    /// <summary>Found within 1 s from 800 a second on, in one flow or many.</summary>
    [Range(50d, 1_000_000d)]
    public double UdpExcess { get; set; } = 200;

    /// <summary>DHCP requests a second: a household after a power cut makes some tens once.</summary>
    [Range(10d, 100_000d)]
    public double DhcpRate { get; set; } = 20;

    [Range(50d, 1_000_000d)]
    public double DhcpExcess { get; set; } = 150;

    /// <summary>Echo requests a second, answered or not; a person's ping makes 1 to 5.</summary>
    [Range(10d, 100_000d)]
    public double IcmpRate { get; set; } = 100;

    /// <summary>Found within 1 s from 250 a second on.</summary>
    [Range(20d, 1_000_000d)]
    public double IcmpExcess { get; set; } = 60;

    /// <summary>TCP packets a second that belong to no connection: ACK, RST and FIN floods, or the echo of another's flood.</summary>
    [Range(100d, 1_000_000d)]
    public double StrayRate { get; set; } = 500;

    [Range(100d, 1_000_000d)]
    public double StrayExcess { get; set; } = 500;

    /// <summary>Destinations followed at once; one under load also holds 8 KB for its ports.</summary>
    [Range(256, 65_536)]
    public int Destinations { get; set; } = 4_096;
}
