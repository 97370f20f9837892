using Appliance.Router.Decoding;

namespace Appliance.Router.Rules.Policy;

/// <summary>Holds when all that is set holds; in a list, any one. An empty list sets nothing.</summary>
public sealed record RuleMatch
{
    public static readonly RuleMatch Everything = new();

    /// <summary>Names of zones; <see cref="Zone.Gateway"/> is the router itself.</summary>
    public IReadOnlyList<string> SourceZones { get; init; } = [];

    public IReadOnlyList<string> DestinationZones { get; init; } = [];

    /// <summary>IPv4 and IPv6 networks, never stations.</summary>
    public IReadOnlyList<TargetRange> SourceNetworks { get; init; } = [];

    public IReadOnlyList<TargetRange> DestinationNetworks { get; init; } = [];

    public IReadOnlyList<MacAddress> SourceDevices { get; init; } = [];

    /// <summary>Ids of feeds that are for matching only.</summary>
    public IReadOnlyList<string> SourceFeeds { get; init; } = [];

    public IReadOnlyList<string> DestinationFeeds { get; init; } = [];

    /// <summary>IANA protocol numbers.</summary>
    public IReadOnlyList<byte> Protocols { get; init; } = [];

    /// <summary>Of TCP and UDP, or of those protocols among the two that are named.</summary>
    public IReadOnlyList<PortRange> DestinationPorts { get; init; } = [];

    public IReadOnlyList<PortRange> SourcePorts { get; init; } = [];

    /// <summary>Of ICMP, of ICMPv6, or of both, by the protocols that are named; of both when none is.</summary>
    public IReadOnlyList<byte> IcmpTypes { get; init; } = [];

    public IReadOnlyList<ConnectionState> States { get; init; } = [];

    public IReadOnlyList<DayTimes> Times { get; init; } = [];

    /// <summary>Packets a second above which the rule matches; 0 means no limit.</summary>
    public int OverPacketsPerSecond { get; init; }
}
