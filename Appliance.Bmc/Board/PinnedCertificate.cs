using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Appliance.Bmc.Board;

/// <summary>
/// Trusts one certificate by its fingerprint and nothing else. Boards make their own, without a name in it and for
/// 30 days, and never renew it: chain, name and date all fail on a healthy board.
/// </summary>
internal sealed class PinnedCertificate(string? fingerprint)
{
    private readonly byte[]? _pin = fingerprint is null ? null : Convert.FromHexString(fingerprint.Replace(":", "", StringComparison.Ordinal));
    private string? _refused;

    /// <summary>Fingerprint of the last certificate that was not the pinned one.</summary>
    public string? Refused => Volatile.Read(ref _refused);

    public string Pin => _pin is null ? "none" : Convert.ToHexString(_pin);

    public bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var shown = certificate is null ? [] : SHA256.HashData(certificate.GetRawCertData());
        var accepted = _pin is not null && CryptographicOperations.FixedTimeEquals(shown, _pin);
        Volatile.Write(ref _refused, accepted ? null : Convert.ToHexString(shown));
        return accepted;
    }
}
