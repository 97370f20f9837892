using System.Security.Cryptography;
using Appliance.Hosting.Enrollment;
using Appliance.Hosting.Identity;
using Appliance.Tests.Shared;

namespace Appliance.Hosting.Tests.Enrollment;

/// <summary>A site's authority, and node files of it.</summary>
internal sealed class NodeFiles : IDisposable
{
    private readonly TempFolder _folder = new();

    public NodeFiles(string site = "home") => Authority = SiteAuthority.Create(_folder.File("ca"), site, TimeProvider.System);

    public SiteAuthority Authority { get; }

    public string KeyPem => File.ReadAllText(PkiFiles.Key(_folder.File("ca"), PkiFiles.Authority));

    public string Token(string name = "node2", Role role = Role.Logger, TimeSpan? life = null) =>
        EnrollmentToken.Make(PeerIdentity.OfNode(Authority.Site, name, role), TimeProvider.System.GetUtcNow() + (life ?? TimeSpan.FromDays(14)), ["192.168.1.2"]).Write(Authority);

    /// <summary>With a value under every key.</summary>
    public NodeFile Logger() => new()
    {
        Site = Authority.Site,
        Name = "node2",
        Role = Role.Logger,
        Addresses = ["192.168.1.2/24", "fd00::2/64"],
        Gateway = "192.168.1.1",
        Dns = ["192.168.1.1"],
        Vlans = [new NodeVlan(10, ["192.168.10.2/24"]), new NodeVlan(20, ["dhcp"])],
        Interface = "end0",
        Router = "192.168.1.1",
        Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Peers:Detector"] = "https://192.168.1.3:7445", ["Logger:Mqtt:Port"] = "8883" },
        Authority = Authority.CertificatePem,
        AuthoritySha256 = Convert.ToHexStringLower(SHA256.HashData(Authority.Certificate.RawData)),
        Token = Token(),
    };

    public NodeFile LoggerAndBmc() => Logger() with { FurtherRoles = [new FurtherRole(Role.Bmc, Token(role: Role.Bmc))] };

    public NodeFile Router() => Logger() with { Name = "node1", Role = Role.Router, Router = "", Token = "", AuthorityKey = KeyPem };

    public void Dispose()
    {
        Authority.Dispose();
        _folder.Dispose();
    }
}
