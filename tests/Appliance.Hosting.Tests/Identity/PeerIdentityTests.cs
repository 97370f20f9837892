using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Identity;

namespace Appliance.Hosting.Tests.Identity;

public sealed class PeerIdentityTests
{
    [Theory]
    [InlineData("spiffe://home/node/node1/router", PeerKind.Node, "node1", Role.Router)]
    [InlineData("spiffe://home/node/cm4-2/bmc", PeerKind.Node, "cm4-2", Role.Bmc)]
    [InlineData("spiffe://home/admin/root", PeerKind.Admin, "root", null)]
    [InlineData("spiffe://home/operator/alice", PeerKind.Operator, "alice", null)]
    [InlineData("spiffe://home/reader/bob", PeerKind.Reader, "bob", null)]
    [InlineData("spiffe://home/subscriber/node-red", PeerKind.Subscriber, "node-red", null)]
    public void Identity_is_read_from_its_name_and_written_back(string uri, PeerKind kind, string name, Role? role)
    {
        var isRead = PeerIdentity.TryParse(uri, out var identity);

        Assert.True(isRead);
        Assert.Equal(new PeerIdentity("home", kind, name, role), identity);
        Assert.Equal(uri, identity!.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("spiffe://")]
    [InlineData("spiffe://home")]
    [InlineData("spiffe://home/operator")]
    [InlineData("spiffe://home/operator/")]
    [InlineData("spiffe://home/operator/alice/router")]
    [InlineData("spiffe://home/operator/alice/")]
    [InlineData("spiffe://home/Operator/alice")]
    [InlineData("spiffe://home/operator/Alice")]
    [InlineData("spiffe://home/operator/alice?x=1")]
    [InlineData("spiffe://home/operator/al%69ce")]
    [InlineData("spiffe://home/boss/alice")]
    [InlineData("spiffe://home/node/node1")]
    [InlineData("spiffe://home/node/node1/gateway")]
    [InlineData("spiffe://home/node/-node1/router")]
    [InlineData("spiffe://HOME/operator/alice")]
    [InlineData("spiffe:///operator/alice")]
    [InlineData("https://home/operator/alice")]
    public void Other_names_are_no_identity(string uri)
    {
        var isRead = PeerIdentity.TryParse(uri, out var identity);

        Assert.False(isRead);
        Assert.Null(identity);
    }

    [Fact]
    public void Certificate_with_two_names_has_no_identity()
    {
        using var certificate = SelfSigned("spiffe://home/reader/bob", "spiffe://home/admin/bob");

        var isRead = PeerIdentity.TryParse(certificate, out _);

        Assert.False(isRead);
    }

    [Fact]
    public void Certificate_without_a_name_has_no_identity()
    {
        using var certificate = SelfSigned();

        var isRead = PeerIdentity.TryParse(certificate, out _);

        Assert.False(isRead);
    }

    [Fact]
    public void Garbage_in_place_of_names_is_no_identity()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension("2.5.29.17", [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0x86], critical: false));
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddDays(1));

        var isRead = PeerIdentity.TryParse(certificate, out _);

        Assert.False(isRead);
    }

    private static X509Certificate2 SelfSigned(params string[] uris)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=bob", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("bob");
        foreach (var uri in uris)
        {
            names.AddUri(new Uri(uri));
        }

        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddDays(1));
    }
}
