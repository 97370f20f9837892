using System.Globalization;
using System.Runtime.InteropServices;

namespace Appliance.Hosting.Configuration;

/// <summary>Gives what root made for a role to the role's user, where the machine has one.</summary>
public static partial class RoleOwner
{
    private const string UserPrefix = "appliance-";

    /// <summary>The folder and all in it; nothing happens without the right or the user.</summary>
    public static void Give(string folder, Role role, string root)
    {
        if (!Environment.IsPrivilegedProcess || Find(Path.Combine(root, "etc/passwd"), UserPrefix + role.Word()) is not { } user)
        {
            return;
        }

        foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder))
        {
            if (ChangeOwner(path, user.Id, user.Group) != 0)
            {
                throw new IOException($"{path} can't be given to {UserPrefix}{role.Word()}: {Marshal.GetLastPInvokeErrorMessage()}.");
            }
        }
    }

    // passwd(5): name:password:UID:GID:…
    private static (uint Id, uint Group)? Find(string passwd, string name) => (File.Exists(passwd) ? File.ReadLines(passwd) : [])
        .Select(line => line.Split(':'))
        .Where(parts => parts.Length > 3 && parts[0] == name)
        .Select(parts => ((uint, uint)?)(uint.Parse(parts[2], CultureInfo.InvariantCulture), uint.Parse(parts[3], CultureInfo.InvariantCulture)))
        .FirstOrDefault();

    // A link is changed itself: what it leads to is not ours to give.
    [LibraryImport("libc", EntryPoint = "lchown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
