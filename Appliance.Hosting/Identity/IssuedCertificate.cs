namespace Appliance.Hosting.Identity;

/// <summary>A new certificate with its key, both as PEM text.</summary>
public sealed record IssuedCertificate(PeerIdentity Identity, string SerialNumber, DateTimeOffset ExpireTime, string CertificatePem, string KeyPem)
{
    /// <summary>Writes <c>NAME.crt</c> and <c>NAME.key</c>; refuses, before writing either, when one is there.</summary>
    public void Write(string folder, string name) => PkiFiles.WritePair(folder, name, CertificatePem, KeyPem);

    // The compiler's own text would hold the key.
    public override string ToString() => $"{Identity} until {ExpireTime:u}";
}
