using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Appliance.Bmc.Board;

/// <summary>
/// Trusts one certificate by its fingerprint and nothing else. Boards make their own, without a name in it and for
/// 30 days, and never renew it: chain, name and date all fail on a healthy board.
/// </summary>
internal sealed class PinnedCertificate(BoardEndpoint endpoint)
{
    private readonly string _board = endpoint.Address.Authority;
    private readonly string _compare = $"compare with 'openssl x509 -fingerprint -sha256' on the board, and if it is the board's own set {endpoint.Names.Fingerprint} to it.";
    private string? _refusal;
    private CertificateFacts? _trusted;

    /// <summary>Why the last certificate was refused, in words with the way out; null when it was trusted.</summary>
    public string? Refusal => Volatile.Read(ref _refusal);

    /// <summary>The certificate that was trusted last.</summary>
    public CertificateFacts? Trusted => Volatile.Read(ref _trusted);

    public bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return Refuse($"Board {_board} shows no certificate.");
        }

        using var shown = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        var facts = CertificateFacts.Of(shown);
        if (endpoint.Fingerprint is not null || endpoint.FirstUse is null)
        {
            return IsSame(facts.Fingerprint, endpoint.Fingerprint)
                ? Trust(facts)
                : Refuse($"Board {_board} shows the certificate {facts.Fingerprint}, pinned is {Plain(endpoint.Fingerprint) ?? "none"}; {_compare}");
        }

        return AcceptFirst(facts, endpoint.FirstUse);
    }

    private bool AcceptFirst(CertificateFacts facts, FirstUse first)
    {
        try
        {
            var pin = first.Find(_board) ?? first.Keep(_board, facts.Fingerprint);
            return IsSame(facts.Fingerprint, pin.Fingerprint) ? Trust(facts) : Refuse(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Board {_board} shows the certificate {facts.Fingerprint}, but at its first use on {pin.Time.UtcDateTime:yyyy-MM-dd HH:mm}Z it showed {pin.Fingerprint} (kept in {first.Path}); {_compare}"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            return Refuse($"{first.Path}, where the board's certificate is kept, cannot be used: {error.Message}");
        }
    }

    private bool Trust(CertificateFacts facts)
    {
        Volatile.Write(ref _trusted, facts);
        Volatile.Write(ref _refusal, null);
        return true;
    }

    private bool Refuse(string why)
    {
        Volatile.Write(ref _refusal, why);
        return false;
    }

    private static bool IsSame(string shown, string? pinned) => pinned is not null
        && CryptographicOperations.FixedTimeEquals(Convert.FromHexString(shown), Convert.FromHexString(Plain(pinned)!));

    private static string? Plain(string? fingerprint) => fingerprint?.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant();
}
