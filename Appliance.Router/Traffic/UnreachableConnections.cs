using Appliance.Hosting.Errors;

namespace Appliance.Router.Traffic;

/// <summary>Stands where this process may not ask the kernel for its connections, and says why.</summary>
internal sealed class UnreachableConnections(string reason) : IConnectionTracker
{
    public const string Reason = "CONNECTIONS_OUT_OF_REACH";

    public void Read(ConnectionReader read, Action restart) => throw Refusal();

    public bool Delete(ConnectionName name) => throw Refusal();

    private BusyException Refusal() => new(Reason, $"The kernel's connections are out of reach. {reason}");
}
