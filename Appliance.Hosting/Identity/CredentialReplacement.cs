using System.Text;
using Appliance.Hosting.Configuration;

namespace Appliance.Hosting.Identity;

/// <summary>Puts a new certificate and its key in the place of the old ones, so that a power cut leaves the one pair or the other.</summary>
/// <remarks>
/// Both are written under other names first. Then the key takes its place, then the certificate: where only the certificate is
/// still waiting, its key is in place already, and the next look finishes it.
/// </remarks>
internal static class CredentialReplacement
{
    private const string Next = "node.next";

    private const UnixFileMode Public = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public static void Write(string folder, string certificatePem, string keyPem)
    {
        var (certificate, key) = (PkiFiles.Certificate(folder, Next), PkiFiles.Key(folder, Next));
        // A certificate alone would be taken for the second half of a replacement.
        DurableFile.Replace(key, Encoding.ASCII.GetBytes(keyPem));
        DurableFile.Replace(certificate, Encoding.ASCII.GetBytes(certificatePem));
        File.SetUnixFileMode(certificate, Public);
        DurableFile.Move(key, PkiFiles.Key(folder, PkiFiles.Node));
        Finish(folder);
    }

    /// <summary>Brings what a power cut left half done to its end.</summary>
    public static void Finish(string folder)
    {
        var certificate = PkiFiles.Certificate(folder, Next);
        if (File.Exists(PkiFiles.Key(folder, Next)) || !File.Exists(certificate))
        {
            return;
        }

        try
        {
            DurableFile.Move(certificate, PkiFiles.Certificate(folder, PkiFiles.Node));
        }
        catch (FileNotFoundException)
        {
            // The other of two looks at the same moment has done it.
        }
    }
}
