using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Appliance.Router.Nftables;

/// <summary>System calls that .NET has no class for.</summary>
internal static partial class Libc
{
    public const int NetlinkFamily = 16;
    public const int RawCloseOnExec = 3 | 0x80000;
    public const int NetfilterProtocol = 12;
    public const int RouteProtocol = 0;
    public const int SocketLevel = 1;
    public const int ReceiveTimeout = 20;
    public const int SendBufferForced = 32;
    public const int ReceiveBufferForced = 33;
    public const int NetlinkLevel = 270;
    public const int AddMembership = 1;
    public const int CapAcknowledge = 10;
    public const int ExtendedAcknowledge = 11;
    public const int NewNetworkNamespace = 0x40000000;
    public const nuint BindMount = 4096;
    public const int DetachMount = 2;
    public const int DoNotWait = 0x40;
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int Again = 11;
    public const int NoBuffers = 105;

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial SafeFileHandle Socket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(SafeFileHandle socket, ReadOnlySpan<byte> address, int length);

    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    public static partial int GetName(SafeFileHandle socket, Span<byte> address, ref int length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(SafeFileHandle socket, int level, int name, ReadOnlySpan<byte> value, int length);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(SafeFileHandle socket, ReadOnlySpan<byte> bytes, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(SafeFileHandle socket, Span<byte> bytes, nuint length, int flags);

    /// <summary>Writes the name of an interface and its closing zero into 16 bytes; 0 when there is none of that number.</summary>
    [LibraryImport("libc", EntryPoint = "if_indextoname", SetLastError = true)]
    public static partial nint InterfaceName(uint number, Span<byte> name);

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    public static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    public static partial int SetNamespace(SafeFileHandle file, int kind);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Mount(string source, string target, string? type, nuint flags, nint data);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unmount(string target, int flags);
}
