namespace Appliance.Router.Rules.Policy;

/// <summary>Checks that stand before all rules.</summary>
public sealed record Protections
{
    /// <summary>Drops packets whose source is not reached through the interface that they came in by (RFC 3704, strict).</summary>
    public bool AntiSpoofing { get; init; }

    /// <summary>Drops packets with private, reserved or unrouted sources on outside zones.</summary>
    public bool DropBogons { get; init; }

    /// <summary>TCP connections begun a second by one source address; 0 means no limit.</summary>
    public int NewTcpPerSecond { get; init; }

    /// <summary>Connections that one station may hold through the gateway; 0 means no limit.</summary>
    public int ConnectionsPerDevice { get; init; }

    /// <summary>Lets established connections bypass the rules where the kernel can.</summary>
    public bool Flowtable { get; init; }
}
