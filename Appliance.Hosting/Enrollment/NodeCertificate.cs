using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Identity;

namespace Appliance.Hosting.Enrollment;

/// <summary>The first key and certificate of one of a node's roles on its disk: the key waits in one folder, and goes with its certificate to the role's.</summary>
public sealed class NodeCertificate(NodeFile file, Role role, string state)
{
    // What lies in the first role's tells the system that nothing is left to be asked for.
    private string Waiting => role == file.Role ? Path.Combine(state, "pki") : Path.Combine(state, "pki", role.Word());

    private string RoleFolder => Path.Combine(state, role.Word(), "pki");

    private PeerIdentity Identity => PeerIdentity.OfNode(file.Site, file.Name, role);

    /// <summary>Where a router keeps the site's authority.</summary>
    public static string AuthorityFolder(string state) => Path.Combine(state, Role.Router.Word(), "ca");

    /// <summary>True once the role has its certificate.</summary>
    public bool IsThere => File.Exists(PkiFiles.Certificate(RoleFolder, PkiFiles.Node));

    /// <summary>The key, made at the first call and the same from then on.</summary>
    public ECDsa Key()
    {
        PrivateFiles.CreateFolder(Waiting);
        var path = PkiFiles.Key(Waiting, PkiFiles.Node);
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(path))
        {
            key.ImportFromPem(File.ReadAllText(path));
        }
        else
        {
            DurableFile.Replace(path, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
        }

        return key;
    }

    /// <summary>Checks a certificate and stores it with its key and the authority; gives the folder that the role reads.</summary>
    public string Store(byte[] bytes, ECDsa key)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(bytes);
        using var authority = X509Certificate2.CreateFromPem(file.Authority);
        using var chain = new X509Chain { ChainPolicy = PeerVerifier.Policy([authority]) };
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        if (!chain.Build(certificate) || !PeerIdentity.TryParse(certificate, out var identity) || identity != Identity
            || !certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()))
        {
            throw new BusyException("CERTIFICATE_UNUSABLE", $"The certificate that came is for {certificate.Subject}, or for another key or authority; this node is {Identity}.");
        }

        PrivateFiles.CreateFolder(RoleFolder);
        var pem = certificate.ExportCertificatePem() + "\n";
        WritePublic(PkiFiles.Certificate(RoleFolder, PkiFiles.Authority), file.Authority);
        CredentialReplacement.Write(RoleFolder, pem, key.ExportPkcs8PrivateKeyPem() + "\n");
        return RoleFolder;
    }

    /// <summary>Once all of the node's roles have theirs: leaves certificate and authority where it was waited for, and takes the key away from there.</summary>
    public void Mark()
    {
        PrivateFiles.CreateFolder(Waiting);
        WritePublic(PkiFiles.Certificate(Waiting, PkiFiles.Authority), file.Authority);
        File.Delete(PkiFiles.Key(Waiting, PkiFiles.Node));
        WritePublic(PkiFiles.Certificate(Waiting, PkiFiles.Node), File.ReadAllText(PkiFiles.Certificate(RoleFolder, PkiFiles.Node)));
    }

    /// <summary>On the router itself: issued by the authority that came with its file.</summary>
    public byte[] IssueOwn(ECDsa key, TimeProvider clock)
    {
        using var authority = SiteAuthority.Open(AuthorityFolder(state), clock);
        using var certificate = authority.Certify(Identity, new PublicKey(key), SiteAuthority.DefaultLeafLife, Hosts(file));
        return certificate.RawData;
    }

    /// <summary>The names and addresses that a node answers by.</summary>
    public static IReadOnlyList<string> Hosts(NodeFile file) =>
        [.. file.Addresses.Concat(file.Vlans.SelectMany(vlan => vlan.Addresses)).Where(address => address != NodeFile.Dhcp).Select(address => address.Split('/')[0]).Distinct()];

    private static void WritePublic(string path, string text)
    {
        DurableFile.Replace(path, Encoding.ASCII.GetBytes(text));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }
}
