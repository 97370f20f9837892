using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Identity;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Site.Enrollment;

/// <summary>The site's authority, where it is kept on the router. Opened for each use: an operator may bring it and take it away again.</summary>
internal sealed class OnlineAuthority(NodePaths paths, IOptions<NodeOptions> node, IOptions<EnrollmentOptions> options, TimeProvider clock)
{
    private const string Standard = "ca";

    private string Folder => options.Value.AuthorityFolder is { Length: > 0 } folder ? folder : Path.Combine(paths.State, Standard);

    /// <summary>Throws <see cref="BusyException"/> where it is kept elsewhere.</summary>
    public SiteAuthority Open()
    {
        if (!File.Exists(PkiFiles.Key(Folder, PkiFiles.Authority)))
        {
            throw Offline($"{Folder} holds no ca.key");
        }

        try
        {
            var authority = SiteAuthority.Open(Folder, clock);
            if (authority.Site == node.Value.Site)
            {
                return authority;
            }

            using (authority)
            {
                throw Offline($"{Folder} holds the authority of site '{authority.Site}', this is site '{node.Value.Site}'");
            }
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw Offline(error.Message);
        }
    }

    /// <summary>A node's certificate for the life that is set, or for what the authority has left.</summary>
    public X509Certificate2 Certify(SiteAuthority authority, PeerIdentity node, PublicKey key, IReadOnlyList<string> hosts)
    {
        var left = authority.ExpireTime - clock.GetUtcNow();
        return authority.Certify(node, key, left < options.Value.CertificateLife ? left : options.Value.CertificateLife, hosts);
    }

    private static BusyException Offline(string why) => new(
        "AUTHORITY_OFFLINE",
        $"The site's authority is not on this router ({why}). Where it is, issue the certificate with 'appliance pki issue DIR --kind node --name NAME --role ROLE --out FOLDER', and put its files into the node's pki folder.");
}
