using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Appliance.Bmc.Simulation;

/// <summary>The certificate that a board makes for itself at its first start.</summary>
internal static class BoardCertificate
{
    /// <summary>The firmware's own: RSA 4096, no alternative name, 30 days.</summary>
    public static X509Certificate2 Create(TimeProvider clock, bool isExpired)
    {
        using var key = RSA.Create(4096);
        return Sign(new CertificateRequest("CN=Turing-Pi self signed", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), clock, isExpired);
    }

    /// <summary>The same with a key that takes no time to make, for boards that start with their role.</summary>
    public static X509Certificate2 CreateQuickly(TimeProvider clock, bool isExpired = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Sign(new CertificateRequest("CN=Turing-Pi self signed", key, HashAlgorithmName.SHA256), clock, isExpired);
    }

    private static X509Certificate2 Sign(CertificateRequest request, TimeProvider clock, bool isExpired)
    {
        // Nothing on the board renews it: an expired one is served for years.
        var made = clock.GetUtcNow().AddDays(isExpired ? -40 : 0);
        return request.CreateSelfSigned(made.AddMinutes(-1), made.AddDays(30));
    }
}
