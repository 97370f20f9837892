using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Identity;

namespace Appliance.Hosting.Clients;

/// <summary>The connections that are open to peers, each under the serial number that its server showed; cut, with every call on it, when that one is revoked.</summary>
internal sealed class PeerConnections
{
    private readonly ConcurrentDictionary<PeerStream, string> _open = new();
    private readonly RevocationList _revoked;

    public PeerConnections(RevocationList revoked)
    {
        _revoked = revoked;
        revoked.Added += Cut;
    }

    /// <summary>Takes over the stream of a connection whose handshake is done.</summary>
    public Stream Follow(Stream connection)
    {
        if (connection is not SslStream { RemoteCertificate: X509Certificate2 shown })
        {
            return connection;
        }

        var serial = RevocationList.SerialOf(shown);
        var stream = new PeerStream(connection, closed => _open.TryRemove(closed, out _));
        _open[stream] = serial;
        // Revoked after the handshake looked and before this connection was noted.
        if (_revoked.Contains(serial))
        {
            stream.Dispose();
        }

        return stream;
    }

    private void Cut(IReadOnlyCollection<string> serials)
    {
        foreach (var (stream, serial) in _open)
        {
            if (serials.Contains(serial))
            {
                stream.Dispose();
            }
        }
    }
}
