using System.ComponentModel.DataAnnotations;

namespace Appliance.Hosting.Configuration;

/// <summary>One port for each role.</summary>
public sealed class PortOptions
{
    [Range(0, 65535)]
    public int Router { get; set; }

    [Range(0, 65535)]
    public int Logger { get; set; }

    [Range(0, 65535)]
    public int Detector { get; set; }

    [Range(0, 65535)]
    public int Bmc { get; set; }

    public int Of(Role role) => role switch
    {
        Role.Router => Router,
        Role.Logger => Logger,
        Role.Detector => Detector,
        Role.Bmc => Bmc,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Role has no port."),
    };

    internal static PortOptions OfGrpc() => Of(RolePorts.Grpc);

    internal static PortOptions OfMetrics() => Of(RolePorts.Metrics);

    private static PortOptions Of(Func<Role, int> port) => new()
    {
        Router = port(Role.Router),
        Logger = port(Role.Logger),
        Detector = port(Role.Detector),
        Bmc = port(Role.Bmc),
    };
}
