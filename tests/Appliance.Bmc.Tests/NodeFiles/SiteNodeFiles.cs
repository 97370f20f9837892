using System.Security.Cryptography;
using Appliance.Bmc.NodeFiles;
using Appliance.Hosting;
using Appliance.Hosting.Enrollment;
using Appliance.Hosting.Identity;
using Appliance.Tests.Shared;

namespace Appliance.Bmc.Tests.NodeFiles;

/// <summary>Signed files of a site's routers, which hold the authority's key, and of a logger.</summary>
internal sealed class SiteNodeFiles : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SiteAuthority _authority;
    private readonly Dictionary<string, byte[]> _made = new(StringComparer.Ordinal);

    public SiteNodeFiles() => _authority = SiteAuthority.Create(_folder.File("ca"), "home", TimeProvider.System);

    /// <summary>Text that no file of this program may hold but the node file itself.</summary>
    public static string Secret => "PRIVATE KEY";

    /// <summary>The same again for the same name, since no two signatures of it are.</summary>
    public byte[] Bytes(string name) => _made.TryGetValue(name, out var made) ? made : _made[name] = NodeFileText.Write(NodeFileSignature.Sign(
        new NodeFile
        {
            Site = _authority.Site,
            Name = name,
            Role = Role.Router,
            Authority = _authority.CertificatePem,
            AuthoritySha256 = Convert.ToHexStringLower(SHA256.HashData(_authority.Certificate.RawData)),
            AuthorityKey = File.ReadAllText(PkiFiles.Key(_folder.File("ca"), PkiFiles.Authority)),
        },
        _authority));

    /// <summary>Of a logger, with a token that nobody has had before.</summary>
    public NodeFileContent Logger(string name)
    {
        var file = new NodeFile
        {
            Site = _authority.Site,
            Name = name,
            Role = Role.Logger,
            Router = "router.lan",
            Authority = _authority.CertificatePem,
            AuthoritySha256 = Convert.ToHexStringLower(SHA256.HashData(_authority.Certificate.RawData)),
        };
        var bytes = NodeFileText.Write(NodeFileSignature.Sign(EnrollmentToken.Into(file, TimeProvider.System.GetUtcNow().AddDays(1), _authority), _authority));
        return NodeFileContent.Parse(bytes, "node_file");
    }

    public NodeFileContent Content(string name) => NodeFileContent.Parse(Bytes(name), "node_file");

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }
}
