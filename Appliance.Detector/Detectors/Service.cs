using System.Globalization;
using Appliance.Detector.Flows;

namespace Appliance.Detector.Detectors;

/// <summary>A protocol and, where it has one, a port; the default value is "no one service".</summary>
public readonly record struct Service(byte Protocol, ushort Port)
{
    public bool IsNone => Protocol == 0;

    /// <summary>"tcp/22", "udp/53", "icmp", "ip/47"; empty when there is no one service.</summary>
    public override string ToString() => Protocol switch
    {
        0 => string.Empty,
        IpProtocol.Tcp => string.Create(CultureInfo.InvariantCulture, $"tcp/{Port}"),
        IpProtocol.Udp => string.Create(CultureInfo.InvariantCulture, $"udp/{Port}"),
        IpProtocol.Icmp or IpProtocol.IcmpV6 => "icmp",
        _ => string.Create(CultureInfo.InvariantCulture, $"ip/{Protocol}"),
    };
}
