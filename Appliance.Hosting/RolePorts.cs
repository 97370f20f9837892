namespace Appliance.Hosting;

/// <summary>The ports of the contract; options may move them, for instance in tests.</summary>
public static class RolePorts
{
    private const int FirstGrpc = 7443;
    private const int FirstMetrics = 9464;

    public static int Grpc(Role role) => FirstGrpc + (int)role;

    public static int Metrics(Role role) => FirstMetrics + (int)role;
}
