using System.Text;
using Appliance.Hosting.Configuration;

namespace Appliance.Router.Network;

/// <summary>dnsmasq's files, in the role's state folder.</summary>
/// <remarks>
/// No other user can reach them, dnsmasq's own neither: where the Router is root, dnsmasq sees the folder under another name, mounted for it alone, and
/// may write its leases there and nothing else.
/// </remarks>
internal sealed class DnsmasqFolder(NodePaths paths)
{
    public const string Configuration = "dnsmasq.conf";
    public const string Leases = "leases";
    public const string Blocklist = "blocklist";

    /// <summary>Where it is mounted; empty for everybody else.</summary>
    public const string MountPoint = "/run/appliance/network";

    private const string Child = "child";
    private const UnixFileMode ReadableFile = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode ReadableFolder = ReadableFile | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public string Place { get; } = Path.Combine(paths.State, "network");

    /// <summary>Where dnsmasq sees it.</summary>
    public string Seen => Environment.IsPrivilegedProcess ? MountPoint : Place;

    public string LeasesPath => Path.Combine(Place, Leases);

    public string ConfigurationPath => Path.Combine(Place, Configuration);

    /// <summary>Tells which child runs, for the next Router to find it by.</summary>
    public string ChildPath => Path.Combine(Place, Child);

    public void Create()
    {
        // Its parent is the role's alone.
        Directory.CreateDirectory(Place, ReadableFolder);
        if (Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory(MountPoint);
        }
    }

    /// <summary>Makes the leases' file where there is none, and gives it to the user who writes it.</summary>
    public void GiveLeases(ServiceAccount? account)
    {
        using (File.Open(LeasesPath, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            // Made, or there.
        }

        if (Environment.IsPrivilegedProcess && account is { } owner && Libc.ChangeOwner(LeasesPath, owner.User, owner.Group) != 0)
        {
            throw new IOException($"{LeasesPath} can't be given to the user {owner.Name}.");
        }
    }

    /// <summary>Puts a whole file in place of an old one: dnsmasq may read it at any time.</summary>
    public void Write(string name, string text)
    {
        var path = Path.Combine(Place, name);
        var part = $"{path}.part";
        File.Delete(part);
        using (var stream = new FileStream(part, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = ReadableFile }))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        File.SetUnixFileMode(part, ReadableFile);
        File.Move(part, path, overwrite: true);
    }
}
