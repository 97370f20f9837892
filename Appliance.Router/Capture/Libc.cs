using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Appliance.Router.Capture;

/// <summary>The system calls of a packet socket and its ring (packet(7), Documentation/networking/packet_mmap.rst).</summary>
internal static partial class Libc
{
    public const int NetlinkFamily = 16;
    public const int PacketFamily = 17;
    public const int RawType = 3;
    public const int CloseOnExec = 0x80000;
    public const int SocketLevel = 1;
    public const int PacketLevel = 263;
    public const int SocketError = 4;
    public const int AttachFilter = 26;
    public const int DetachFilter = 27;
    public const int AddMembership = 1;
    public const int RxRing = 5;
    public const int Statistics = 6;
    public const int Version = 10;
    public const int Fanout = 18;
    public const int FanoutProgram = 22;
    public const int ReadWrite = 3;
    public const int Shared = 1;
    public const int Locked = 0x2000;
    public const short PollIn = 1;
    public const short PollError = 8;
    public const int NotPermitted = 1;
    public const int NoDevice = 19;
    public const int NoBufferSpace = 105;
    public const int DoNotWait = 0x40;
    public const uint ReadInterfaceFlags = 0x8913;
    public const uint ReadInterfaceIndex = 0x8933;

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial SafeFileHandle Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(SafeFileHandle socket, in LinkAddress address, int length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(SafeFileHandle socket, int level, int name, ReadOnlySpan<byte> value, int length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetOption(SafeFileHandle socket, int level, int name, Span<byte> value, ref int length);

    [LibraryImport("libc", EntryPoint = "if_nametoindex", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint InterfaceIndex(string name);

    /// <summary>Asks for a property of an interface, which the first 16 bytes of the argument name (struct ifreq, netdevice(7)).</summary>
    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Ask(SafeFileHandle socket, nuint request, Span<byte> argument);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(SafeFileHandle socket, Span<byte> bytes, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(SafeFileHandle socket, in NetlinkAddress address, int length);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Map(nint address, nuint length, int protection, int flags, SafeFileHandle file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(ref PollEntry entry, nuint count, int milliseconds);

    /// <summary>sockaddr_ll as bind(2) needs it; the rest of its 20 bytes is zero.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 20)]
    public readonly record struct LinkAddress(ushort Family, ushort Protocol, int Interface);

    /// <summary>sockaddr_nl; the kernel gives the port.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 12)]
    public readonly record struct NetlinkAddress(int Family, uint Port, uint Groups);

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int File;
        public short Wanted;
        public short Found;
    }
}
