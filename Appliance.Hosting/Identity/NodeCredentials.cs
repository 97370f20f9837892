using Appliance.Hosting.Configuration;
using Microsoft.Extensions.Options;

namespace Appliance.Hosting.Identity;

/// <summary>The node's own certificate and trust; replaced files take effect for the next connection, without a restart.</summary>
internal sealed class NodeCredentials(NodePaths paths, RunningRole running, IOptions<NodeOptions> options, RevocationList revoked)
{
    private readonly Lock _gate = new();
    private readonly CredentialFiles _files = new(paths.Pki, revoked);
    private volatile CredentialSet? _current;
    private string _stamp = "";

    /// <summary>Throws <see cref="ConfigurationFaultException"/> while no usable files have been read.</summary>
    public CredentialSet Current => _current ?? Load();

    /// <summary>Throws unless the files can be used.</summary>
    public void Require() => _ = Current;

    /// <summary>Where the files are.</summary>
    public string Folder => paths.Pki;

    private PeerIdentity Expected => PeerIdentity.OfNode(options.Value.Site, options.Value.Name, running.Role);

    /// <summary>Reads the files again if they changed; true when a new set is in use, false with faults when the old one stays.</summary>
    public bool TryRefresh(out IReadOnlyList<string> faults)
    {
        lock (_gate)
        {
            faults = [];
            var stamp = _files.Stamp();
            if (stamp == _stamp)
            {
                return false;
            }

            // A pair caught half-written fails here, keeps the old set and is read again at the next look.
            if (!_files.TryRead(Expected, out var credentials, out faults))
            {
                return false;
            }

            _stamp = stamp;
            _current = credentials;
            return true;
        }
    }

    private CredentialSet Load()
    {
        TryRefresh(out var faults);
        return _current ?? throw new ConfigurationFaultException(faults);
    }
}
