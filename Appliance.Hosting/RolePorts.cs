namespace Appliance.Hosting;

/// <summary>The ports of the contract; options may move them, for instance in tests.</summary>
public static class RolePorts
{
    /// <summary>The router's alone, for nodes that have no certificate yet.</summary>
    public const int Enrollment = 7450;

    private const int FirstGrpc = 7443;
    private const int FirstMetrics = 9464;

    public static int Grpc(Role role) => FirstGrpc + (int)role;

    public static int Metrics(Role role) => FirstMetrics + (int)role;
}
