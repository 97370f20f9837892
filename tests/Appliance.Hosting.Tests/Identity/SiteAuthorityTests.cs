using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Identity;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Hosting.Tests.Identity;

public sealed class SiteAuthorityTests : IDisposable
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Keys_and_their_folders_are_the_owners_alone()
    {
        using var authority = SiteAuthority.Create(_folder.File("ca"), "home", _clock);

        authority.WriteNode(IssueNode(authority), _folder.File("node"));

        Assert.Equal(OwnerFolder, File.GetUnixFileMode(_folder.File("ca")));
        Assert.Equal(OwnerFile, File.GetUnixFileMode(_folder.File("ca/ca.key")));
        Assert.Equal(OwnerFolder, File.GetUnixFileMode(_folder.File("node")));
        Assert.Equal(OwnerFile, File.GetUnixFileMode(_folder.File("node/node.key")));
    }

    [Fact]
    public void Node_certificate_serves_both_ends_under_its_names()
    {
        using var authority = SiteAuthority.Create(_folder.File("ca"), "home", _clock);

        using var certificate = TestSite.Load(authority.Issue(PeerIdentity.OfNode("home", "node1", Role.Router), TimeSpan.FromDays(90), ["gw.lan", "192.0.2.7"]));

        Assert.Equal(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"], Usages(certificate));
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.Equal(["localhost", "node1", "gw.lan"], names.EnumerateDnsNames());
        Assert.Equal(["127.0.0.1", "::1", "192.0.2.7"], names.EnumerateIPAddresses().Select(address => address.ToString()));
        Assert.True(PeerIdentity.TryParse(certificate, out var identity));
        Assert.Equal("spiffe://home/node/node1/router", identity.ToString());
    }

    [Theory]
    [InlineData(PeerKind.Admin)]
    [InlineData(PeerKind.Operator)]
    [InlineData(PeerKind.Reader)]
    [InlineData(PeerKind.Subscriber)]
    public void Persons_certificate_is_for_clients_only(PeerKind kind)
    {
        using var authority = SiteAuthority.Create(_folder.File("ca"), "home", _clock);

        using var certificate = TestSite.Load(authority.Issue(PeerIdentity.OfPerson("home", kind, "alice"), TimeSpan.FromDays(90), []));

        Assert.Equal(["1.3.6.1.5.5.7.3.2"], Usages(certificate));
        Assert.Empty(certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames());
    }

    [Fact]
    public void Lives_are_ten_years_and_what_was_asked_for()
    {
        using var authority = SiteAuthority.Create(_folder.File("ca"), "home", _clock);

        var issued = authority.Issue(PeerIdentity.OfPerson("home", PeerKind.Reader, "bob"), SiteAuthority.DefaultLeafLife, []);

        Assert.Equal(_clock.GetUtcNow().AddDays(3650), authority.ExpireTime);
        Assert.Equal(_clock.GetUtcNow().AddDays(90), issued.ExpireTime);
    }

    [Fact]
    public void Serial_numbers_are_sixteen_random_bytes()
    {
        using var authority = SiteAuthority.Create(_folder.File("ca"), "home", _clock);

        var serials = Enumerable.Range(0, 20).Select(_ => IssueNode(authority).SerialNumber).ToArray();

        Assert.Equal(20, serials.Distinct().Count());
        Assert.All(serials, serial => Assert.Equal(32, serial.Length));
    }

    [Fact]
    public void Key_is_an_elliptic_curve_key_of_256_bits()
    {
        using var authority = SiteAuthority.Create(_folder.File("ca"), "home", _clock);

        using var certificate = TestSite.Load(IssueNode(authority));

        using var key = certificate.GetECDsaPrivateKey();
        Assert.Equal("1.2.840.10045.3.1.7", key!.ExportParameters(false).Curve.Oid.Value);
    }

    [Fact]
    public void Authority_is_never_overwritten()
    {
        SiteAuthority.Create(_folder.File("ca"), "home", _clock).Dispose();
        var key = File.ReadAllText(_folder.File("ca/ca.key"));

        var error = Assert.Throws<IOException>(() => SiteAuthority.Create(_folder.File("ca"), "home", _clock));

        Assert.Contains("ca.crt is already there", error.Message, StringComparison.Ordinal);
        Assert.Equal(key, File.ReadAllText(_folder.File("ca/ca.key")));
    }

    [Fact]
    public void Nothing_of_a_node_is_written_when_its_key_is_there()
    {
        using var authority = SiteAuthority.Create(_folder.File("ca"), "home", _clock);
        Directory.CreateDirectory(_folder.File("node"));
        File.WriteAllText(_folder.File("node/node.key"), "old");

        Assert.Throws<IOException>(() => authority.WriteNode(IssueNode(authority), _folder.File("node")));

        Assert.Equal([_folder.File("node/node.key")], Directory.GetFiles(_folder.File("node")));
        Assert.Equal("old", File.ReadAllText(_folder.File("node/node.key")));
    }

    [Fact]
    public void Certificate_may_not_outlive_its_authority()
    {
        using var authority = SiteAuthority.Create(_folder.File("ca"), "home", TimeSpan.FromDays(30), _clock);

        var error = Assert.Throws<InvalidInputException>(() => IssueNode(authority));

        Assert.Contains("90 days", error.Message, StringComparison.Ordinal);
        Assert.Contains("30 left", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Authority_issues_for_its_own_site_only()
    {
        using var authority = SiteAuthority.Create(_folder.File("ca"), "home", _clock);

        var error = Assert.Throws<InvalidInputException>(() => authority.Issue(PeerIdentity.OfPerson("office", PeerKind.Admin, "eve"), TimeSpan.FromDays(1), []));

        Assert.Contains("'office'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'home'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Opened_authority_knows_its_site_and_issues_under_the_same_certificate()
    {
        using var made = SiteAuthority.Create(_folder.File("ca"), "home", _clock);
        using var opened = SiteAuthority.Open(_folder.File("ca"), _clock);

        using var certificate = TestSite.Load(IssueNode(opened));

        Assert.Equal("home", opened.Site);
        using var root = X509Certificate2.CreateFromPem(made.CertificatePem);
        using var chain = new X509Chain { ChainPolicy = PeerVerifier.Policy([root]) };
        chain.ChainPolicy.VerificationTime = _clock.GetUtcNow().UtcDateTime;
        Assert.True(chain.Build(certificate));
    }

    [Fact]
    public void Folder_without_an_authority_says_how_to_make_one()
    {
        var error = Assert.Throws<IOException>(() => SiteAuthority.Open(_folder.Path, _clock));

        Assert.Contains($"appliance pki init {_folder.Path} --site NAME", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Foreign_authority_is_not_taken_for_a_sites()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var foreign = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSelfSigned(_clock.GetUtcNow(), _clock.GetUtcNow().AddDays(1));
        File.WriteAllText(_folder.File("ca.crt"), foreign.ExportCertificatePem());
        File.WriteAllText(_folder.File("ca.key"), key.ExportPkcs8PrivateKeyPem());

        Assert.Throws<CryptographicException>(() => SiteAuthority.Open(_folder.Path, _clock));
    }

    [Fact]
    public void Text_of_an_issued_certificate_keeps_the_key_to_itself()
    {
        using var authority = SiteAuthority.Create(_folder.File("ca"), "home", _clock);

        var text = IssueNode(authority).ToString();

        Assert.DoesNotContain("PRIVATE", text, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static IssuedCertificate IssueNode(SiteAuthority authority) =>
        authority.Issue(PeerIdentity.OfNode("home", "node1", Role.Router), SiteAuthority.DefaultLeafLife, []);

    private static IEnumerable<string?> Usages(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<Oid>().Select(oid => oid.Value);
}
