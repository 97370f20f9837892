using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Appliance.Hosting.Identity;

/// <summary>What the site's certificates look like (RFC 5280 profile, SPIFFE names).</summary>
internal static class CertificateForm
{
    public const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    public const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    private const string SitePrefix = "spiffe://";

    // CA/Browser Forum baseline 7.1 asks for 64 random bits; 16 bytes leave no thought of collisions.
    private const int SerialNumberBytes = 16;

    public static X509Certificate2 SelfSign(string site, DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={site} site authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(SitePrefix + site));
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(from, to);
    }

    public static CertificateRequest Leaf(PeerIdentity identity, PublicKey key, IReadOnlyList<string> hosts, X509Certificate2 issuer)
    {
        var isNode = identity.Kind == PeerKind.Node;
        var request = new CertificateRequest(new X500DistinguishedName($"CN={identity.Name}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        // Nodes call each other, so theirs serve both ends; a person's key must not be able to pose as a server.
        OidCollection usages = isNode ? [new Oid(ServerUsage), new Oid(ClientUsage)] : [new Oid(ClientUsage)];
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(usages, critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        request.CertificateExtensions.Add(Names(identity, isNode ? ["localhost", identity.Name, "127.0.0.1", "::1", .. hosts] : []));
        return request;
    }

    public static byte[] NewSerialNumber()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialNumberBytes);
        // Positive and without a leading zero byte (RFC 5280, section 4.1.2.2).
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return serial;
    }

    /// <summary>The site of an authority's <c>spiffe://SITE</c>.</summary>
    public static bool TrySite(string uri, [NotNullWhen(true)] out string? site)
    {
        site = uri.StartsWith(SitePrefix, StringComparison.Ordinal) ? uri[SitePrefix.Length..].TrimEnd('/') : null;
        return site is not null && PeerIdentity.IsSite(site);
    }

    private static X509Extension Names(PeerIdentity identity, IEnumerable<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(identity.ToString()));
        foreach (var host in hosts.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }

        return names.Build();
    }
}
