using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Appliance.Hosting.Identity;

/// <summary>The node's certificate with its key, the authorities that it trusts, as read together, and what they took back.</summary>
internal sealed record CredentialSet(X509Certificate2 Certificate, X509Certificate2Collection Authorities, PeerIdentity Identity, RevocationList Revoked)
{
    // Offline: nothing is fetched to complete the chain; the authority's certificate is at hand.
    public SslStreamCertificateContext Context { get; } = SslStreamCertificateContext.Create(Certificate, Authorities, offline: true);

    public DateTimeOffset ExpireTime { get; } = new(Certificate.NotAfter);
}
