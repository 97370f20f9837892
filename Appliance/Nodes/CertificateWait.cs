using Appliance.Hosting.Enrollment;

namespace Appliance.Nodes;

/// <summary>Asks for the first certificate of each of a node's roles, all at once, until all are there.</summary>
internal sealed class CertificateWait(NodeFile file, string state, TextWriter console, TimeProvider clock)
{
    private readonly IReadOnlyList<RoleCertificateWait> _roles = [.. file.Roles.Select(role => new RoleCertificateWait(file, role, state, TextWriter.Synchronized(console), clock))];

    public async Task RunAsync(int port, CancellationToken cancellationToken)
    {
        await Task.WhenAll(_roles.Select(role => role.RunAsync(port, cancellationToken)));
        // The first role's mark comes last: once it is there, the system asks no more.
        foreach (var role in _roles.Reverse())
        {
            role.Mark();
        }
    }
}
