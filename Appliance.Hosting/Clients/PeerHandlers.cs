using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Identity;
using Microsoft.Extensions.Options;

namespace Appliance.Hosting.Clients;

/// <summary>The HTTP client under each channel to a peer: mutual TLS, keep-alive, and connections that end with their server's certificate.</summary>
internal sealed class PeerHandlers(IOptions<PeerOptions> options, NodeCredentials credentials, ServerCheck servers, PeerConnections connections)
{
    // A connection that was made with a certificate before the last is refused once that one has ended; streams on it go on until theirs.
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(15);

    private readonly PeerOptions _peers = options.Value;

    public SocketsHttpHandler New(Role role) => new()
    {
        EnableMultipleHttp2Connections = true,
        PooledConnectionLifetime = ConnectionLife,
        ConnectTimeout = _peers.ConnectTimeout,
        KeepAlivePingDelay = _peers.KeepAlivePingDelay,
        KeepAlivePingTimeout = _peers.KeepAlivePingTimeout,
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        PlaintextStreamFilter = (context, _) => ValueTask.FromResult(connections.Follow(context.PlaintextStream)),
        SslOptions =
        {
            // Asked for at each handshake, so a replaced certificate is shown from the next connection on.
            LocalCertificateSelectionCallback = (_, _, _, _, _) => credentials.Current.Certificate,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = PeerVerifier.Policy(credentials.Current.Authorities),
            // The SPIFFE role is what names a server here; addresses change, and its host name proves nothing more.
            RemoteCertificateValidationCallback = (_, certificate, _, _) => servers.Accept(certificate as X509Certificate2, role),
        },
    };
}
