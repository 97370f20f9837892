using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Errors;

namespace Appliance.Hosting.Identity;

/// <summary>The site's certificate authority, kept as two files: <c>ca.crt</c> and <c>ca.key</c> (mode 0600).</summary>
public sealed class SiteAuthority : IDisposable
{
    public static readonly TimeSpan DefaultAuthorityLife = TimeSpan.FromDays(3650);
    public static readonly TimeSpan DefaultLeafLife = TimeSpan.FromDays(90);

    // A node without a battery-backed clock may be some minutes behind when it first reads its certificate.
    private static readonly TimeSpan Backdate = TimeSpan.FromMinutes(10);

    private readonly X509Certificate2 _certificate;
    private readonly TimeProvider _clock;

    private SiteAuthority(X509Certificate2 certificate, string site, TimeProvider clock)
    {
        _certificate = certificate;
        _clock = clock;
        Site = site;
    }

    public string Site { get; }

    public string CertificatePem => _certificate.ExportCertificatePem() + "\n";

    public DateTimeOffset ExpireTime => new(_certificate.NotAfter);

    /// <summary>The certificate, for whoever checks what this authority signed.</summary>
    public X509Certificate2 Certificate => _certificate;

    /// <summary>Makes a new authority in the folder; refuses when one is there.</summary>
    public static SiteAuthority Create(string folder, string site, TimeProvider clock) => Create(folder, site, DefaultAuthorityLife, clock);

    public static SiteAuthority Create(string folder, string site, TimeSpan life, TimeProvider clock)
    {
        if (!PeerIdentity.IsSite(site))
        {
            throw new InvalidInputException(nameof(site), $"is '{site}', it takes 1 to 63 of a-z, 0-9 and '-'");
        }

        var certificate = CertificateForm.SelfSign(site, clock.GetUtcNow() - Backdate, clock.GetUtcNow() + life);
        using var key = certificate.GetECDsaPrivateKey()!;
        PkiFiles.WritePair(folder, PkiFiles.Authority, certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
        return new SiteAuthority(certificate, site, clock);
    }

    /// <summary>Opens the authority that the folder holds.</summary>
    public static SiteAuthority Open(string folder, TimeProvider clock)
    {
        var path = PkiFiles.Certificate(folder, PkiFiles.Authority);
        if (!File.Exists(path) || !File.Exists(PkiFiles.Key(folder, PkiFiles.Authority)))
        {
            throw new IOException($"{folder} holds no site authority (ca.crt and ca.key); make one with 'appliance pki init {folder} --site NAME'.");
        }

        var certificate = Load(path, PkiFiles.Key(folder, PkiFiles.Authority));
        if (UriNames.TryReadSingle(certificate, out var uri) && CertificateForm.TrySite(uri, out var site))
        {
            return new SiteAuthority(certificate, site, clock);
        }

        certificate.Dispose();
        throw new CryptographicException($"{path} names no site (URI spiffe://SITE); it was not made by 'appliance pki init'.");
    }

    /// <summary>Issues a certificate of this site; hosts are further DNS names or addresses that a node answers by.</summary>
    public IssuedCertificate Issue(PeerIdentity identity, TimeSpan life, IReadOnlyList<string> hosts)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Certify(identity, new PublicKey(key), life, hosts);
        return new IssuedCertificate(
            identity, certificate.SerialNumber, new DateTimeOffset(certificate.NotAfter), certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <summary>The same for a key that somebody else made and keeps.</summary>
    public X509Certificate2 Certify(PeerIdentity identity, PublicKey key, TimeSpan life, IReadOnlyList<string> hosts)
    {
        if (identity.Site != Site)
        {
            throw new InvalidInputException(nameof(identity), $"is of site '{identity.Site}', this is the authority of site '{Site}'");
        }

        // A node's clock may still stand at its image's build, before the site was made.
        var now = Later(_clock.GetUtcNow(), new DateTimeOffset(_certificate.NotBefore));
        if (life <= TimeSpan.Zero || now + life > ExpireTime)
        {
            throw new InvalidInputException(nameof(life), $"is {life.TotalDays:0.#} days, the authority has {(ExpireTime - now).TotalDays:0.#} left; ask for fewer");
        }

        return CertificateForm.Leaf(identity, key, hosts, _certificate)
            .Create(_certificate, Later(now - Backdate, new DateTimeOffset(_certificate.NotBefore)), now + life, CertificateForm.NewSerialNumber());
    }

    /// <summary>Signs a text by the authority's key.</summary>
    internal byte[] Sign(ReadOnlySpan<byte> text) => SiteSignature.Of(text, _certificate);

    /// <summary>Writes <c>node.crt</c>, <c>node.key</c> and the trust <c>ca.crt</c>; refuses, before writing any, when one is there.</summary>
    public void WriteNode(IssuedCertificate issued, string folder)
    {
        var trust = PkiFiles.Certificate(folder, PkiFiles.Authority);
        PkiFiles.RefuseExisting(trust, PkiFiles.Certificate(folder, PkiFiles.Node), PkiFiles.Key(folder, PkiFiles.Node));
        issued.Write(folder, PkiFiles.Node);
        PrivateFiles.WritePublic(trust, CertificatePem);
    }

    public void Dispose() => _certificate.Dispose();

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private static X509Certificate2 Load(string path, string keyPath)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(path, keyPath);
        }
        catch (ArgumentException error)
        {
            throw new CryptographicException($"{path} and {keyPath} do not belong together; restore the pair that was made by one 'appliance pki init'.", error);
        }
    }
}
