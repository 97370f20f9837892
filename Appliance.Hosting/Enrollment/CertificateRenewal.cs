using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Events;
using Appliance.Hosting.Health;
using Appliance.Hosting.Identity;

namespace Appliance.Hosting.Enrollment;

/// <summary>Gives the running node a new key and a new certificate; the ones before stay valid until their end, and connections that were made with them go on.</summary>
internal sealed class CertificateRenewal(NodeCredentials credentials, CertificateSigner sign, EventLog events) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1);

    /// <summary>The next connection, in or out, shows what this returns.</summary>
    public async Task<CredentialSet> RenewAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var before = credentials.Current;
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var bytes = await sign(SigningRequest.Make(key, before.Identity.Name), cancellationToken);
            using var certificate = Check(bytes, key, before);
            CredentialReplacement.Write(credentials.Folder, certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
            return Take(RevocationList.SerialOf(certificate), before);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    // Put in place of a good pair, it must be one that the next start takes as well.
    private static X509Certificate2 Check(byte[] bytes, ECDsa key, CredentialSet before)
    {
        var certificate = X509CertificateLoader.LoadCertificate(bytes);
        using var chain = new X509Chain { ChainPolicy = PeerVerifier.Policy(before.Authorities) };
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        if (PeerIdentity.TryParse(certificate, out var identity) && identity == before.Identity
            && certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo())
            && chain.Build(certificate))
        {
            return certificate;
        }

        using (certificate)
        {
            throw new BusyException("RENEWAL_UNUSABLE", $"The certificate that came back is for {identity?.ToString() ?? certificate.Subject} or for another key or authority; this node is {before.Identity} and keeps what it has.");
        }
    }

    private CredentialSet Take(string serial, CredentialSet before)
    {
        // The watch over the files may have been first.
        credentials.TryRefresh(out var faults);
        var now = credentials.Current;
        if (RevocationList.SerialOf(now.Certificate) != serial)
        {
            throw new BusyException("RENEWAL_UNUSABLE", $"The new certificate is on the disk and not in use: {string.Join(" ", faults)}");
        }

        events.Tell(EventSeverity.Info, CertificateWatch.Part, $"renewed: {serial} until {now.ExpireTime.UtcDateTime:yyyy-MM-dd HH:mm}Z; {RevocationList.SerialOf(before.Certificate)} stays valid until {before.ExpireTime.UtcDateTime:yyyy-MM-dd HH:mm}Z");
        return now;
    }
}
