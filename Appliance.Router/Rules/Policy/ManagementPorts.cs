namespace Appliance.Router.Rules.Policy;

/// <summary>Where the gateway itself is managed: gRPC of the four roles, its gateway for others, and the dashboard.</summary>
public static class ManagementPorts
{
    public static readonly IReadOnlyList<PortRange> All = [new(7443, 7446), new(7450, 7450), new(8443, 8443)];

    public static bool Overlap(PortRange ports) => All.Any(own => own.First <= ports.Last && ports.First <= own.Last);
}
