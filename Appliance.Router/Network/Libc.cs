using System.Runtime.InteropServices;

namespace Appliance.Router.Network;

/// <summary>System calls that .NET has no class for.</summary>
internal static partial class Libc
{
    public const int HangUp = 1;
    public const int End = 9;
    public const int Terminate = 15;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeOwner(string path, uint user, uint group);
}
