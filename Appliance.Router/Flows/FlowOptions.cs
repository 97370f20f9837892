using System.ComponentModel.DataAnnotations;

namespace Appliance.Router.Flows;

/// <summary>Size and patience of the flow table.</summary>
public sealed class FlowOptions
{
    public const string Section = "Router:Flows";

    // What is left of a bound that is divided: enough to tell flows from each other, and for the longest datagram there is.
    private const int LeastShare = 64;
    private const int LeastFragmentBytes = 65_536;

    /// <summary>Flows held at once, over all interfaces and threads; 217 bytes each: 57 MB at the default when full.</summary>
    [Range(1024, 4_194_304)]
    public int Capacity { get; set; } = 262_144;

    /// <summary>Flows whose log-ins are followed at once.</summary>
    [Range(64, 1_048_576)]
    public int TrackedLogins { get; set; } = 16_384;

    /// <summary>Beginnings of TCP and QUIC conversations that are put together at once, and beside them a quarter as many of log-ins that come in pieces; 5 KB each.</summary>
    [Range(16, 65_536)]
    public int ReadStreams { get; set; } = 1024;

    /// <summary>Flows of which it is kept what they said in clear: server name, JA4, banners; 600 bytes each, at most 1 KB.</summary>
    [Range(64, 1_048_576)]
    public int FirstBytesFlows { get; set; } = 16_384;

    /// <summary>Messages that are read for facts in a second, at most; a QUIC handshake counts as 20.</summary>
    [Range(100, 1_000_000)]
    public int FactsPerSecond { get; set; } = 10_000;

    /// <summary>Memory for fragmented datagrams that are put together.</summary>
    [Range(65_536, 67_108_864)]
    public int FragmentBytes { get; set; } = 1_048_576;

    /// <summary>Fragmented datagrams that are put together at once, 1 KB each beside their bytes.</summary>
    [Range(16, 65_536)]
    public int FragmentedDatagrams { get; set; } = 256;

    /// <summary>A flow that goes on is told about this often.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ActiveInterval { get; set; } = TimeSpan.FromMinutes(1);

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan TcpIdle { get; set; } = TimeSpan.FromMinutes(5);

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan TcpUnanswered { get; set; } = TimeSpan.FromSeconds(30);

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan UdpIdle { get; set; } = TimeSpan.FromMinutes(1);

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan IcmpIdle { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>IP protocols other than TCP, UDP and ICMP.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan OtherIdle { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long late packets still count towards a TCP flow that has closed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ClosedLinger { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The options of one of several tables that divide these bounds.</summary>
    public FlowOptions Share(int tables)
    {
        var share = (FlowOptions)MemberwiseClone();
        share.Capacity = Divide(Capacity);
        share.TrackedLogins = Divide(TrackedLogins);
        share.ReadStreams = Divide(ReadStreams);
        share.FirstBytesFlows = Divide(FirstBytesFlows);
        share.FactsPerSecond = Divide(FactsPerSecond);
        share.FragmentBytes = Divide(FragmentBytes, LeastFragmentBytes);
        share.FragmentedDatagrams = Divide(FragmentedDatagrams);
        return share;

        int Divide(int bound, int least = LeastShare) => tables == 1 ? bound : Math.Max(least, bound / tables);
    }
}
