using Appliance.Hosting.Configuration;

namespace Appliance.Hosting.Identity;

/// <summary>Names of the files that a site's identity is kept in.</summary>
public static class PkiFiles
{
    public const string Authority = "ca";
    public const string Node = "node";

    public static string Certificate(string folder, string name) => Path.Combine(folder, name + ".crt");

    public static string Key(string folder, string name) => Path.Combine(folder, name + ".key");

    internal static void WritePair(string folder, string name, string certificatePem, string keyPem)
    {
        RefuseExisting(Certificate(folder, name), Key(folder, name));
        PrivateFiles.CreateFolder(folder);
        PrivateFiles.WriteSecret(Key(folder, name), keyPem);
        PrivateFiles.WritePublic(Certificate(folder, name), certificatePem);
    }

    /// <summary>Throws when one of the files is there: a lost key can't be had back.</summary>
    public static void RefuseExisting(params string[] paths)
    {
        if (Array.Find(paths, File.Exists) is { } path)
        {
            throw new IOException($"{path} is already there and is not overwritten; move it away or name another folder.");
        }
    }
}
