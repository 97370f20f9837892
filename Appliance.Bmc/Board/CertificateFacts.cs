using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Appliance.Bmc.Board;

/// <summary>What a board's certificate says. It makes its own for 30 days and never renews it, so its end tells its age and nothing bad.</summary>
internal sealed record CertificateFacts(string Fingerprint, DateTimeOffset Start, DateTimeOffset End)
{
    public static CertificateFacts Of(X509Certificate2 certificate) => new(
        certificate.GetCertHashString(HashAlgorithmName.SHA256), new DateTimeOffset(certificate.NotBefore), new DateTimeOffset(certificate.NotAfter));
}
