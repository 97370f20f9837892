namespace Appliance.Router.Rules.Policy;

/// <summary>A name for the networks behind one or more interfaces.</summary>
public sealed record Zone(string Name, IReadOnlyList<string> Interfaces)
{
    /// <summary>The router itself, as source or destination; no zone may take the name.</summary>
    public const string Gateway = "gateway";

    /// <summary>The way to the internet.</summary>
    public bool IsOutside { get; init; }

    /// <summary>Its stations reach the gateway's management ports.</summary>
    public bool IsManagement { get; init; }

    /// <summary>Its stations get DHCP, DNS and NTP from the gateway.</summary>
    public bool IsServed { get; init; }
}
