using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Appliance.Benchmarks.Live;

/// <summary>The system calls of the sender (sendmmsg(2)) and of the measurement (clock_gettime(2)).</summary>
internal static partial class Libc
{
    public const int QdiscBypass = 20;

    private const int ThreadCpuTime = 3;

    /// <summary>Time that the calling thread has spent on a processor, in the kernel too.</summary>
    public static TimeSpan ReadThreadTime()
    {
        _ = ReadClock(ThreadCpuTime, out var time);
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0);
    }

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static unsafe partial int SendMany(SafeFileHandle socket, Message* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, out Time time);

    /// <summary>struct mmsghdr: struct msghdr of 56 bytes, and the length that was sent.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    public unsafe struct Message
    {
        public void* Name;
        public ulong NameLength;
        public Part* Parts;
        public nuint PartCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
        public int Padding;
        public uint Sent;
    }

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct Part
    {
        public byte* Bytes;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
