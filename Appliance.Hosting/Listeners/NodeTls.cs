using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Identity;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Appliance.Hosting.Listeners;

/// <summary>The node's certificate and trust for what a role opens beside gRPC: a dashboard, a broker, a client of another's broker.</summary>
/// <remarks>Each value is the one in use now; ask again at each handshake, since certificates are replaced while the role runs.</remarks>
public sealed class NodeTls
{
    private readonly NodeCredentials _credentials;
    private readonly HandshakeGuard _guard;

    internal NodeTls(NodeCredentials credentials, HandshakeGuard guard) => (_credentials, _guard) = (credentials, guard);

    /// <summary>What a server shows; it asks the client for nothing.</summary>
    public SslStreamCertificateContext Context => _credentials.Current.Context;

    /// <summary>With its private key.</summary>
    public X509Certificate2 Certificate => _credentials.Current.Certificate;

    /// <summary>The site's authorities.</summary>
    public X509Certificate2Collection Authorities => _credentials.Current.Authorities;

    /// <summary>Options of a handshake that lets in whoever has a certificate of the site, whatever its kind; refusals are counted as those of the gRPC listener.</summary>
    public async ValueTask<SslServerAuthenticationOptions> RequireClientCertificate(TlsHandshakeCallbackContext context)
    {
        var options = await _guard.OptionsFor(context);
        // Only gRPC insists on HTTP/2.
        options.ApplicationProtocols = null;
        return options;
    }
}
