using Appliance.Hosting.Configuration;
using Appliance.Hosting.Identity;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Options;

namespace Appliance.Hosting.Tests.Identity;

public sealed class CredentialReplacementTests : IDisposable
{
    private static readonly PeerIdentity Logger = PeerIdentity.OfNode("home", "node2", Role.Logger);

    private readonly TempFolder _folder = new();
    private readonly SiteAuthority _authority;
    private readonly NodePaths _paths;

    public CredentialReplacementTests()
    {
        _authority = SiteAuthority.Create(_folder.File("ca"), "home", TimeProvider.System);
        _paths = new NodePaths(Options.Create(new NodeOptions { StateDirectory = _folder.File("state"), Name = "node2" }), new RunningRole(Role.Logger));
        _authority.WriteNode(Issue(), _paths.Pki);
    }

    [Fact]
    public void New_pair_takes_the_place_of_the_old_one()
    {
        var next = Issue();

        CredentialReplacement.Write(_paths.Pki, next.CertificatePem, next.KeyPem);

        Assert.Equal(next.SerialNumber, SerialAtStart());
        Assert.Equal(["ca.crt", "node.crt", "node.key"], Directory.GetFiles(_paths.Pki).Select(Path.GetFileName).Order());
        Assert.False(PrivateFiles.IsExposed(Path.Combine(_paths.Pki, "node.key")));
    }

    // In the order of the steps: what each would leave behind.
    [Theory]
    [InlineData("key written", false)]
    [InlineData("both written", false)]
    [InlineData("key in place", true)]
    public void Power_cut_at_any_step_leaves_one_pair_or_the_other(string step, bool isNew)
    {
        var before = SerialAtStart();
        var next = Issue();
        var (key, certificate) = (Path.Combine(_paths.Pki, "node.next.key"), Path.Combine(_paths.Pki, "node.next.crt"));
        PrivateFiles.WriteSecret(key, next.KeyPem);
        if (step != "key written")
        {
            File.WriteAllText(certificate, next.CertificatePem);
        }

        if (step == "key in place")
        {
            File.Move(key, Path.Combine(_paths.Pki, "node.key"), overwrite: true);
        }

        var inUse = SerialAtStart();
        var last = Issue();
        CredentialReplacement.Write(_paths.Pki, last.CertificatePem, last.KeyPem);

        Assert.Equal(isNew ? next.SerialNumber : before, inUse);
        Assert.Equal(last.SerialNumber, SerialAtStart());
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private IssuedCertificate Issue() => _authority.Issue(Logger, SiteAuthority.DefaultLeafLife, []);

    private string SerialAtStart()
    {
        var options = Options.Create(new NodeOptions { StateDirectory = _folder.File("state"), Name = "node2" });
        return new NodeCredentials(_paths, new RunningRole(Role.Logger), options, new RevocationList(_paths)).Current.Certificate.SerialNumber;
    }
}
