using Appliance.Hosting.Configuration;
using Appliance.Hosting.Identity;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Options;

namespace Appliance.Hosting.Tests.Identity;

public sealed class NodeCredentialsTests : IDisposable
{
    private static readonly PeerIdentity Router = PeerIdentity.OfNode("home", "node1", Role.Router);

    private readonly TempFolder _folder = new();
    private readonly SiteAuthority _authority;
    private readonly NodeCredentials _credentials;
    private readonly NodePaths _paths;

    public NodeCredentialsTests()
    {
        _authority = SiteAuthority.Create(_folder.File("ca"), "home", TimeProvider.System);
        var options = Options.Create(new NodeOptions { StateDirectory = _folder.File("state") });
        var running = new RunningRole(Role.Router);
        _paths = new NodePaths(options, running);
        _credentials = new NodeCredentials(_paths, running, options, new RevocationList(_paths));
    }

    [Fact]
    public void Missing_files_are_named_with_the_command_that_makes_them()
    {
        var error = Assert.Throws<ConfigurationFaultException>(_credentials.Require);

        Assert.Contains("node.key not found", error.Message, StringComparison.Ordinal);
        Assert.Contains($"--kind node --name node1 --role router --out {_paths.Pki}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_that_others_can_read_is_refused()
    {
        Write(Router);
        File.SetUnixFileMode(Path.Combine(_paths.Pki, "node.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        var error = Assert.Throws<ConfigurationFaultException>(_credentials.Require);

        Assert.Contains("chmod 600", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Certificate_of_another_role_is_refused()
    {
        Write(PeerIdentity.OfNode("home", "node1", Role.Logger));

        var error = Assert.Throws<ConfigurationFaultException>(_credentials.Require);

        Assert.Contains("spiffe://home/node/node1/logger", error.Message, StringComparison.Ordinal);
        Assert.Contains("spiffe://home/node/node1/router", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Certificate_with_another_key_is_refused()
    {
        Write(Router);
        File.WriteAllText(Path.Combine(_paths.Pki, "node.key"), Issue(Router).KeyPem);

        var error = Assert.Throws<ConfigurationFaultException>(_credentials.Require);

        Assert.Contains("no usable certificate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Certificate_of_another_authority_than_the_trusted_one_is_refused()
    {
        Write(Router);
        using var other = SiteAuthority.Create(_folder.File("other"), "home", TimeProvider.System);
        File.WriteAllText(Path.Combine(_paths.Pki, "ca.crt"), other.CertificatePem);

        var error = Assert.Throws<ConfigurationFaultException>(_credentials.Require);

        Assert.Contains("issued by another authority", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_authorities_are_trusted_while_one_takes_over_from_the_other()
    {
        Write(Router);
        using var next = SiteAuthority.Create(_folder.File("next"), "home", TimeProvider.System);
        File.AppendAllText(Path.Combine(_paths.Pki, "ca.crt"), next.CertificatePem);

        _credentials.Require();

        using var peer = TestSite.Load(next.Issue(PeerIdentity.OfNode("home", "node2", Role.Logger), TimeSpan.FromDays(1), []));
        var refusal = new PeerVerifier(TimeProvider.System).Verify(peer, _credentials.Current, CertificateForm.ClientUsage, out _);
        Assert.Equal(Refusal.None, refusal);
    }

    [Fact]
    public void Replaced_certificate_is_taken_into_use()
    {
        Write(Router);
        _credentials.Require();
        var next = Issue(Router);
        Replace(next.CertificatePem, next.KeyPem);

        var isNew = _credentials.TryRefresh(out var faults);

        Assert.True(isNew);
        Assert.Empty(faults);
        Assert.Equal(next.SerialNumber, _credentials.Current.Certificate.SerialNumber);
    }

    [Fact]
    public void Pair_caught_half_written_keeps_the_old_one_until_it_is_whole()
    {
        Write(Router);
        var old = _credentials.Current.Certificate.SerialNumber;
        var next = Issue(Router);
        File.WriteAllText(Path.Combine(_paths.Pki, "node.crt"), next.CertificatePem);

        var isTaken = _credentials.TryRefresh(out var faults);
        var inUse = _credentials.Current.Certificate.SerialNumber;
        Replace(next.CertificatePem, next.KeyPem);
        var isTakenLater = _credentials.TryRefresh(out _);

        Assert.False(isTaken);
        Assert.NotEmpty(faults);
        Assert.Equal(old, inUse);
        Assert.True(isTakenLater);
    }

    [Fact]
    public void Unchanged_files_are_not_read_again()
    {
        Write(Router);
        var current = _credentials.Current;

        var isNew = _credentials.TryRefresh(out _);

        Assert.False(isNew);
        Assert.Same(current, _credentials.Current);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private IssuedCertificate Issue(PeerIdentity identity) => _authority.Issue(identity, SiteAuthority.DefaultLeafLife, []);

    private void Write(PeerIdentity identity) => _authority.WriteNode(Issue(identity), _paths.Pki);

    private void Replace(string certificate, string key)
    {
        File.WriteAllText(Path.Combine(_paths.Pki, "node.crt"), certificate);
        File.WriteAllText(Path.Combine(_paths.Pki, "node.key"), key);
    }
}
