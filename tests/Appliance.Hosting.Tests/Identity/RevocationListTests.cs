using Appliance.Hosting.Configuration;
using Appliance.Hosting.Identity;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Options;

namespace Appliance.Hosting.Tests.Identity;

public sealed class RevocationListTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void List_is_on_the_disk_and_only_grows()
    {
        Open().TryAdd(["0a", "0b"]);
        Open().TryAdd(["0c"]);

        var list = Open();

        Assert.Equal((3, true, false), (list.Count, list.Contains("0a"), list.Contains("0d")));
    }

    [Fact]
    public void Damaged_lines_are_passed_over_and_the_others_count()
    {
        Open().TryAdd(["0a", "0b"]);
        File.WriteAllText(Path.Combine(_folder.File("state"), "logger", "revoked"), "0a\n\0\0\0\nnonsense\n0b\n0");

        var list = Open();

        Assert.Equal((2, true), (list.Count, list.Contains("0b")));
    }

    [Fact]
    public void Full_list_says_so_and_keeps_what_it_has()
    {
        var list = Open();
        list.TryAdd(Enumerable.Range(0, RevocationList.Capacity).Select(number => $"{number:x8}"));

        Assert.False(list.TryAdd(["ff"]));
        Assert.True(list.Contains("00000000"));
    }

    [Fact]
    public void Revoked_certificate_is_refused_by_its_serial_number()
    {
        using var authority = SiteAuthority.Create(_folder.File("ca"), "home", TimeProvider.System);
        var identity = PeerIdentity.OfNode("home", "node1", Role.Logger);
        var list = Open();
        using var ours = TestSite.Load(authority.Issue(identity, TimeSpan.FromDays(1), []));
        using var stolen = TestSite.Load(authority.Issue(identity, TimeSpan.FromDays(1), []));
        using var trust = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(authority.CertificatePem);
        var credentials = new CredentialSet(ours, [trust], identity, list);
        list.TryAdd([RevocationList.SerialOf(stolen)]);

        var verifier = new PeerVerifier(TimeProvider.System);

        Assert.Equal(Refusal.Revoked, verifier.Verify(stolen, credentials, CertificateForm.ClientUsage, out _));
        Assert.Equal(Refusal.None, verifier.Verify(ours, credentials, CertificateForm.ClientUsage, out _));
    }

    public void Dispose() => _folder.Dispose();

    private RevocationList Open() => new(new NodePaths(Options.Create(new NodeOptions { StateDirectory = _folder.File("state") }), new RunningRole(Role.Logger)));
}
