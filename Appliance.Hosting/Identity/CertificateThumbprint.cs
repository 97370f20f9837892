using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Appliance.Hosting.Identity;

/// <summary>The one value that names a certificate in a token: <c>x5t#S256</c> of RFC 8705, section 3.1.</summary>
internal static class CertificateThumbprint
{
    public static string Of(X509Certificate2 certificate) => Base64Url.EncodeToString(SHA256.HashData(certificate.RawData));
}
