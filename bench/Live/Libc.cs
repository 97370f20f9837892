using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Appliance.Benchmarks.Live;

/// <summary>The system calls of the senders (sendmmsg(2), bpf(2)) and of the measurement (clock_gettime(2), sched_setaffinity(2)).</summary>
internal static partial class Libc
{
    public const int QdiscBypass = 20;
    public const uint BpfArray = 2;
    public const uint BpfXdp = 6;
    public const uint BpfMappable = 1 << 10;

    /// <summary>Number of bpf(2).</summary>
    public static readonly long BpfNumber = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 280 : 321;

    private const int ThreadCpuTime = 3;

    /// <summary>Time that the calling thread has spent on a processor, in the kernel too.</summary>
    public static TimeSpan ReadThreadTime()
    {
        _ = ReadClock(ThreadCpuTime, out var time);
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0);
    }

    /// <summary>Keeps the calling thread on one processor.</summary>
    public static void StayOn(int processor)
    {
        if (SetAffinity(0, sizeof(ulong), 1UL << processor) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"A thread cannot stay on processor {processor}: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static unsafe partial int SendMany(SafeFileHandle socket, Message* messages, uint count, int flags);

    /// <summary>bpf(2), which libc has no function for.</summary>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static unsafe partial long Bpf(long number, long command, void* attributes, long length);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, out Time time);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nuint length, in ulong processors);

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

    /// <summary>union bpf_attr for BPF_MAP_CREATE; what follows its first members stays zero.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 72)]
    public struct BpfMap
    {
        public uint Type;
        public uint KeyLength;
        public uint ValueLength;
        public uint Count;
        public uint Flags;
    }

    /// <summary>union bpf_attr for BPF_PROG_LOAD; what follows its first members stays zero.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    public unsafe struct BpfLoad
    {
        public uint Type;
        public uint Count;
        public ulong* Instructions;
        public byte* License;
    }

    /// <summary>union bpf_attr for BPF_PROG_TEST_RUN.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 80)]
    public unsafe struct BpfRun
    {
        public uint Program;
        public uint Result;
        public uint FrameLength;
        public uint OutLength;
        public byte* Frame;
        public byte* Out;
        public uint Repeat;
        public uint Duration;
        public uint ContextLength;
        public uint ContextOutLength;
        public uint* Context;
        public uint* ContextOut;
        public uint Flags;
        public uint Processor;
        public uint BatchSize;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
