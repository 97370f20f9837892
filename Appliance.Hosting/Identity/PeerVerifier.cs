using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Appliance.Hosting.Identity;

/// <summary>Decides whether a certificate is one of the site's, used for what it was issued for, now.</summary>
internal sealed class PeerVerifier(TimeProvider clock)
{
    /// <summary>Usage is the OID of the end that the peer plays: client or server.</summary>
    public Refusal Verify(X509Certificate2? certificate, CredentialSet ours, string usage, out PeerIdentity? identity)
    {
        identity = null;
        if (certificate is null)
        {
            return Refusal.NoCertificate;
        }

        var refusal = VerifyChain(certificate, ours.Authorities);
        if (refusal != Refusal.None)
        {
            return refusal;
        }

        if (ours.Revoked.Contains(RevocationList.SerialOf(certificate)))
        {
            return Refusal.Revoked;
        }

        if (!HasUsage(certificate, usage))
        {
            return Refusal.WrongUsage;
        }

        if (!PeerIdentity.TryParse(certificate, out identity))
        {
            return Refusal.NoIdentity;
        }

        return identity.Site == ours.Identity.Site ? Refusal.None : Refusal.WrongSite;
    }

    /// <summary>Our trust alone, no revocation server, and nothing fetched from an address that a stranger's certificate names.</summary>
    public static X509ChainPolicy Policy(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private Refusal VerifyChain(X509Certificate2 certificate, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain { ChainPolicy = Policy(authorities) };
        chain.ChainPolicy.VerificationTime = clock.GetUtcNow().UtcDateTime;
        try
        {
            if (chain.Build(certificate))
            {
                return Refusal.None;
            }
        }
        catch (CryptographicException)
        {
            return Refusal.UnknownAuthority;
        }

        // An unknown authority is the worse fault, so it is named where both hold.
        return Array.TrueForAll(chain.ChainStatus, fault => fault.Status == X509ChainStatusFlags.NotTimeValid)
            ? Refusal.Expired
            : Refusal.UnknownAuthority;
    }

    private static bool HasUsage(X509Certificate2 certificate, string usage) => certificate.Extensions
        .OfType<X509EnhancedKeyUsageExtension>()
        .SelectMany(extension => extension.EnhancedKeyUsages.Cast<Oid>())
        .Any(oid => oid.Value == usage);
}
