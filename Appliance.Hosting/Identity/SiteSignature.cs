using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Appliance.Hosting.Identity;

/// <summary>What the authority's key signs beside certificates: ECDSA over SHA-256, both numbers at their full length (IEEE P1363).</summary>
internal static class SiteSignature
{
    /// <summary>Of a P-521 key, the largest.</summary>
    public const int MaxLength = 132;

    public static byte[] Of(ReadOnlySpan<byte> text, X509Certificate2 authority)
    {
        using var key = authority.GetECDsaPrivateKey() ?? throw new CryptographicException("The authority's key is no ECDSA key; make the authority with 'appliance pki init'.");
        return key.SignData(text, HashAlgorithmName.SHA256);
    }

    public static bool IsGood(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature, X509Certificate2 authority)
    {
        try
        {
            using var key = authority.GetECDsaPublicKey();
            return key is not null && key.VerifyData(text, signature, HashAlgorithmName.SHA256);
        }
        // A curve that this machine does not know.
        catch (Exception error) when (error is CryptographicException or NotSupportedException)
        {
            return false;
        }
    }
}
