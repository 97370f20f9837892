using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Identity;
using Appliance.Hosting.Listeners;

namespace Appliance.Router.Site.Enrollment;

/// <summary>Gives nodes their next certificate, and takes certificates back.</summary>
internal sealed class CertificateDesk(CertificateLedger ledger, OnlineAuthority authorities, NodeTls tls, RevocationList revoked, EnrollmentVoice voice)
{
    /// <summary>A node renews some times a year; whoever does it again and again fills the ledger.</summary>
    public const int MostAnHour = 10;

    private const string SubjectAlternativeName = "2.5.29.17";

    /// <summary>By serial number.</summary>
    public IEnumerable<Revocation> Revocations => ledger.After(0).OrderBy(one => one.Serial, StringComparer.Ordinal);

    /// <summary>DER of certificate and authority, for the identity and the names of the certificate that the call was made with.</summary>
    public (byte[] Certificate, byte[] Authority) Renew(PeerIdentity node, X509Certificate2 before, byte[] signingRequest)
    {
        var key = SigningRequest.Read(signingRequest);
        if (revoked.Contains(RevocationList.SerialOf(before)))
        {
            throw new UnauthenticatedException("CERTIFICATE_REVOKED", "The certificate was revoked and is not renewed; make a new node file for the node.");
        }

        if (ledger.CountSince(node, voice.Now - TimeSpan.FromHours(1)) >= MostAnHour)
        {
            throw new LimitExceededException("RENEWED_TOO_OFTEN", $"{node} was given {MostAnHour} certificates within an hour; use the last one.") { RetryAfter = TimeSpan.FromHours(1) };
        }

        using var authority = authorities.Open();
        using var certificate = authorities.Certify(authority, node, key, HostsOf(before));
        ledger.Record(certificate, node);
        voice.TellIssued(node, certificate);
        return (certificate.RawData, authority.Certificate.RawData);
    }

    /// <summary>The router's own, which needs nobody's leave.</summary>
    public Task<byte[]> RenewOwnAsync(byte[] signingRequest, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var own = tls.Certificate;
        return PeerIdentity.TryParse(own, out var identity)
            ? Task.FromResult(Renew(identity, own, signingRequest).Certificate)
            : throw new InvalidOperationException($"This router's certificate is for {own.Subject}.");
    }

    /// <summary>Takes back one certificate by its serial number, or all that an identity has.</summary>
    public IReadOnlyList<Revocation> Revoke(ReadOnlySpan<byte> serial, string identity, string reason)
    {
        if (string.IsNullOrWhiteSpace(reason))
        {
            throw new InvalidInputException("reason", "is empty; say why, for the audit log");
        }

        IReadOnlyList<string> serials = serial.IsEmpty ? ledger.IssuedTo(identity) : [RevocationList.SerialOf(serial)];
        if (serial.IsEmpty == (identity.Length == 0))
        {
            throw new InvalidInputException("serial", "goes with no identity, and one of them is needed: a serial number, or whose certificates are all to be revoked");
        }

        if (serials.Any(one => !RevocationList.IsSerial(one)))
        {
            throw new InvalidInputException("serial", $"has {serial.Length} bytes; it takes 1 to 20, big endian (RFC 5280, section 4.1.2.2)");
        }

        if (serials.Contains(RevocationList.SerialOf(tls.Certificate)))
        {
            throw new BusyException("OWN_CERTIFICATE", "That is the certificate that this router answers with, and nobody could reach it any more; rotate it first (NodeService.RotateCertificate), then revoke the old one.");
        }

        return serials.Count > 0 ? ledger.Revoke(serials, reason) : throw new NotFoundException("certificate", identity);
    }

    public (IReadOnlyList<Revocation> Revocations, Task More) After(long sequence)
    {
        var more = ledger.More;
        return (ledger.After(sequence), more);
    }

    // Of our own making, so the framework's reading of it is enough.
    private static List<string> HostsOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.FirstOrDefault(extension => extension.Oid?.Value == SubjectAlternativeName);
        var read = new X509SubjectAlternativeNameExtension(names?.RawData ?? [0x30, 0x00]);
        return [.. read.EnumerateDnsNames(), .. read.EnumerateIPAddresses().Select(address => address.ToString())];
    }
}
