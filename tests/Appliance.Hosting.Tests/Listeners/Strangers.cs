using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Identity;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Hosting.Tests.Listeners;

/// <summary>Certificates that a site must not let in, each wrong in one way only.</summary>
internal sealed class Strangers(TestSite site) : IDisposable
{
    private readonly TempFolder _folder = new();

    private static PeerIdentity Admin { get; } = PeerIdentity.OfPerson("home", PeerKind.Admin, "alice");

    public X509Certificate2 Create(Refusal reason) => reason switch
    {
        Refusal.UnknownAuthority => OfAnotherAuthorityOfTheSameName(),
        Refusal.Expired => Expired(),
        Refusal.WrongUsage => Signed(Leaf(Admin.ToString(), CertificateForm.ServerUsage)),
        Refusal.NoIdentity => Signed(Leaf(null, CertificateForm.ClientUsage)),
        Refusal.WrongSite => Signed(Leaf("spiffe://office/admin/alice", CertificateForm.ClientUsage)),
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    /// <summary>A certificate of nobody's authority, under any name.</summary>
    public static X509Certificate2 Named(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddMinutes(-1), now.AddDays(1));
    }

    public void Dispose() => _folder.Dispose();

    private X509Certificate2 OfAnotherAuthorityOfTheSameName()
    {
        using var other = SiteAuthority.Create(_folder.File("other"), "home", TimeProvider.System);
        return TestSite.Load(other.Issue(Admin, TimeSpan.FromDays(1), []));
    }

    private X509Certificate2 Expired()
    {
        var lastMonth = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(-30));
        using var then = SiteAuthority.Open(site.AuthorityFolder, lastMonth);
        return TestSite.Load(then.Issue(Admin, TimeSpan.FromDays(29), []));
    }

    private static (CertificateRequest Request, ECDsa Key) Leaf(string? uri, string usage)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=alice", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("alice");
        if (uri is not null)
        {
            names.AddUri(new Uri(uri));
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        return (request, key);
    }

    private X509Certificate2 Signed((CertificateRequest Request, ECDsa Key) leaf)
    {
        using var key = leaf.Key;
        using var authority = X509Certificate2.CreateFromPemFile(Path.Combine(site.AuthorityFolder, "ca.crt"), Path.Combine(site.AuthorityFolder, "ca.key"));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = leaf.Request.Create(authority, now.AddMinutes(-1), now.AddDays(1), CertificateForm.NewSerialNumber());
        return certificate.CopyWithPrivateKey(key);
    }
}
