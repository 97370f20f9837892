using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Configuration;

namespace Appliance.Hosting.Identity;

/// <summary>Reads and checks <c>ca.crt</c>, <c>node.crt</c> and <c>node.key</c> of a folder.</summary>
internal sealed class CredentialFiles(string folder, RevocationList revoked)
{
    private string Authorities => PkiFiles.Certificate(folder, PkiFiles.Authority);

    private string Certificate => PkiFiles.Certificate(folder, PkiFiles.Node);

    private string Key => PkiFiles.Key(folder, PkiFiles.Node);

    /// <summary>Changes when any of the files is replaced.</summary>
    public string Stamp() => string.Join('|', new[] { Authorities, Certificate, Key }.Select(path => $"{File.GetLastWriteTimeUtc(path).Ticks}:{(File.Exists(path) ? new FileInfo(path).Length : -1)}"));

    /// <summary>Reads all three; the identity must be the one that the configuration gives the role.</summary>
    public bool TryRead(PeerIdentity expected, [NotNullWhen(true)] out CredentialSet? credentials, out IReadOnlyList<string> faults)
    {
        credentials = null;
        CredentialReplacement.Finish(folder);
        faults = FindFileFaults(expected);
        if (faults.Count > 0)
        {
            return false;
        }

        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(Authorities);
            var certificate = X509Certificate2.CreateFromPemFile(Certificate, Key);
            if (!PeerIdentity.TryParse(certificate, out var identity) || identity != expected)
            {
                faults = [$"{Certificate} is for {identity?.ToString() ?? certificate.Subject}, this role is {expected}; {IssueHint(expected)}."];
                return false;
            }

            if (!IsIssuedBy(authorities, certificate))
            {
                faults = [$"{Certificate} was issued by another authority than {Authorities} holds; put both from the same site there."];
                return false;
            }

            credentials = new CredentialSet(certificate, authorities, identity, revoked);
            return true;
        }
        // A key of another certificate is an ArgumentException of the framework's.
        catch (Exception error) when (error is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            faults = [$"{folder} holds no usable certificate: {error.Message}"];
            return false;
        }
    }

    private string[] FindFileFaults(PeerIdentity expected)
    {
        var missing = new[] { Authorities, Certificate, Key }.Where(path => !File.Exists(path)).ToArray();
        if (missing.Length > 0)
        {
            return [$"{string.Join(", ", missing)} not found; {IssueHint(expected)}."];
        }

        return PrivateFiles.IsExposed(Key) ? [$"{Key} has mode {File.GetUnixFileMode(Key)}, others may read it; run 'chmod 600 {Key}'."] : [];
    }

    // Whatever the clock says: a board without a battery may start in 1970 and learn the time later.
    private static bool IsIssuedBy(X509Certificate2Collection authorities, X509Certificate2 certificate)
    {
        using var chain = new X509Chain { ChainPolicy = PeerVerifier.Policy(authorities) };
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        return authorities.Count > 0 && chain.Build(certificate);
    }

    private string IssueHint(PeerIdentity expected) =>
        $"issue it with 'appliance pki issue DIR --kind node --name {expected.Name} --role {expected.Role?.Word()} --out {folder}'";
}
