using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Errors;

namespace Appliance.Hosting.Identity;

/// <summary>A request for a certificate (PKCS #10, RFC 2986): the public key, and the proof that whoever asks has the private one. Names in it mean nothing here.</summary>
public static class SigningRequest
{
    /// <summary>One for a P-384 key is about 400 bytes.</summary>
    public const int MaxLength = 4096;

    private const string Field = "signing_request";

    // RFC 5480, section 2.1.1.1: secp256r1 and secp384r1.
    private static readonly string[] Curves = ["1.2.840.10045.3.1.7", "1.3.132.0.34"];

    /// <summary>What a node sends for a key of its own.</summary>
    public static byte[] Make(ECDsa key, string name) => new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSigningRequest();

    /// <summary>The key, once its proof was checked; throws <see cref="InvalidInputException"/>.</summary>
    public static PublicKey Read(byte[] bytes)
    {
        if (bytes.Length is 0 or > MaxLength)
        {
            throw new InvalidInputException(Field, $"has {bytes.Length} bytes; it takes 1 to {MaxLength} of PKCS #10 in DER");
        }

        try
        {
            // Checks the signature by the key that it names: proof of possession.
            var key = CertificateRequest.LoadSigningRequest(bytes, HashAlgorithmName.SHA256).PublicKey;
            using var curve = key.GetECDsaPublicKey();
            return curve?.ExportParameters(includePrivateParameters: false).Curve.Oid.Value is { } oid && Curves.Contains(oid, StringComparer.Ordinal)
                ? key
                : throw new InvalidInputException(Field, $"is for a key of kind {key.Oid.FriendlyName ?? key.Oid.Value}; it takes ECDSA on P-256 or P-384");
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or NotSupportedException)
        {
            throw new InvalidInputException(Field, "is no PKCS #10 request that its own key signed");
        }
    }

    /// <summary>What a person compares: SHA-256 over the key as certificates have it (SubjectPublicKeyInfo).</summary>
    public static byte[] Sha256Of(PublicKey key) => SHA256.HashData(key.ExportSubjectPublicKeyInfo());
}
