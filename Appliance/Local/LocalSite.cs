using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Identity;
using Appliance.Router.Site;

namespace Appliance.Local;

/// <summary>The site that `./run` makes for itself in one folder: authority, people's certificates, a key for every role, an operator's account.</summary>
internal sealed class LocalSite(string folder, TimeProvider clock)
{
    public const string Name = "home";
    public const string NodeName = "local";

    /// <summary>The account that logs in at the dashboard.</summary>
    public const string Account = "operator";

    /// <summary>Certificates nearer to their end are made anew, so that a run of a week never outlives them.</summary>
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(7);

    private static readonly PeerKind[] People = [PeerKind.Admin, PeerKind.Operator, PeerKind.Reader, PeerKind.Subscriber];

    public string Folder => folder;

    public string Pki => Path.Combine(folder, "pki");

    public string PasswordFile => Path.Combine(folder, "dashboard-password");

    /// <summary>Makes what is missing or near its end; what is there is kept, so that clients' copies stay valid.</summary>
    public void Prepare()
    {
        using var authority = OpenOrCreate();
        foreach (var kind in People)
        {
            var word = kind.ToString().ToLowerInvariant();
            Issue(authority, new PeerIdentity(Name, kind, word, null), Pki, word);
        }

        foreach (var role in Enum.GetValues<Role>())
        {
            var pki = Path.Combine(folder, role.Word(), "pki");
            Issue(authority, new PeerIdentity(Name, PeerKind.Node, NodeName, role), pki, PkiFiles.Node);
            File.Copy(PkiFiles.Certificate(Pki, PkiFiles.Authority), PkiFiles.Certificate(pki, PkiFiles.Authority), overwrite: true);
        }

        PrepareAccount();
    }

    // The file first: a crash between the two gives the account that password at the next start, never one that nobody knows.
    private void PrepareAccount()
    {
        using var accounts = AccountStore.Open(Path.Combine(folder, Role.Router.Word()), clock);
        var exists = accounts.All.Any(account => account.Name == Account);
        var known = File.Exists(PasswordFile) ? File.ReadAllText(PasswordFile).Trim() : "";
        if (exists && known.Length > 0)
        {
            return;
        }

        if (known.Length < AccountPassword.Shortest)
        {
            known = AccountPassword.Make();
            File.Delete(PasswordFile);
            PrivateFiles.WriteSecret(PasswordFile, known + "\n");
        }

        _ = exists ? accounts.Change(Account, PeerKind.Operator, known) : accounts.Add(Account, PeerKind.Operator, known);
    }

    private SiteAuthority OpenOrCreate()
        => File.Exists(PkiFiles.Key(Pki, PkiFiles.Authority)) ? SiteAuthority.Open(Pki, clock) : SiteAuthority.Create(Pki, Name, clock);

    private void Issue(SiteAuthority authority, PeerIdentity identity, string target, string name)
    {
        var (certificate, key) = (PkiFiles.Certificate(target, name), PkiFiles.Key(target, name));
        if (IsGood(certificate, key, authority))
        {
            return;
        }

        Directory.CreateDirectory(target);
        File.Delete(certificate);
        File.Delete(key);
        authority.Issue(identity, SiteAuthority.DefaultLeafLife, []).Write(target, name);
    }

    private bool IsGood(string certificatePath, string keyPath, SiteAuthority authority)
    {
        if (!File.Exists(certificatePath) || !File.Exists(keyPath))
        {
            return false;
        }

        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
            using var issuer = X509Certificate2.CreateFromPem(authority.CertificatePem);
            return certificate.NotAfter > (clock.GetUtcNow() + RenewBefore).LocalDateTime && IsSignedBy(certificate, issuer);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool IsSignedBy(X509Certificate2 certificate, X509Certificate2 issuer)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(issuer);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
