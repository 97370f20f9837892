using System.ComponentModel;
using System.Runtime.InteropServices;
using Appliance.Router.Nftables;
using Microsoft.Win32.SafeHandles;
using Link = Appliance.Router.Capture.Libc;

namespace Appliance.Benchmarks.Live;

/// <summary>Sends one frame again and again at a given rate, each time from one of many ports, without leaving the kernel.</summary>
/// <remarks>
/// The kernel runs an XDP program over frames of its own (BPF_F_TEST_XDP_LIVE_FRAMES, Linux 5.18), which sends a frame when one is due and else drops it:
/// that is how it waits. A call takes a millisecond of preparation, so few calls of many runs keep the rate better than bursts paced from here.
/// The other end of a virtual cable takes such frames only while it polls, as it does with GRO.
/// </remarks>
internal sealed unsafe class KernelSender : IDisposable
{
    private const int CreateMap = 0;
    private const int LoadProgram = 5;
    private const int RunProgram = 10;
    private const uint LiveFrames = 2;

    // A quarter of what the cable holds (256), so it has room where the kernel is slow to empty it.
    private const uint KernelBatch = 64;

    // 0.3 to 1.2 seconds as measured.
    private const uint RunsPerCall = 1 << 22;
    private const int Interrupted = 4;

    private readonly byte[] _frame;
    private readonly uint _interface;
    private readonly SafeFileHandle _map;
    private readonly SafeFileHandle _program;
    private readonly Pace* _pace;

    /// <param name="place">The namespace to send from.</param>
    /// <param name="interfaceName">The interface there.</param>
    /// <param name="frame">A UDP datagram over IPv4.</param>
    /// <param name="firstPort">The first source port.</param>
    /// <param name="ports">How many there are from there on, a power of two.</param>
    public KernelSender(NetworkNamespace place, string interfaceName, byte[] frame, ushort firstPort, ushort ports)
    {
        _frame = frame;
        _interface = place.Run(() => Link.InterfaceIndex(interfaceName));
        var map = new Libc.BpfMap { Type = Libc.BpfArray, KeyLength = sizeof(uint), ValueLength = (uint)sizeof(Pace), Count = 1, Flags = Libc.BpfMappable };
        _map = Make(CreateMap, &map, sizeof(Libc.BpfMap));
        var pace = Link.Map(0, (nuint)sizeof(Pace), Link.ReadWrite, Link.Shared, _map, 0);
        _pace = pace != -1 ? (Pace*)pace : throw Fault("The sender's counts cannot be had");
        _program = Load(PacedProgram.Write((int)_map.DangerousGetHandle(), firstPort, ports));
    }

    /// <summary>Sends for so long and says how it went; from within the namespace.</summary>
    public Pace Send(int rate, int seconds)
    {
        // The program's clock, too, is CLOCK_MONOTONIC in nanoseconds.
        *_pace = new Pace { Start = TimeProvider.System.GetTimestamp(), Rate = rate, Wanted = (long)rate * seconds };
        while (Volatile.Read(ref _pace->Turns) < _pace->Wanted)
        {
            Call();
        }

        return *_pace;
    }

    public void Dispose()
    {
        _program.Dispose();
        _ = Link.Unmap((nint)_pace, (nuint)sizeof(Pace));
        _map.Dispose();
    }

    private static SafeFileHandle Load(ulong[] program)
    {
        fixed (ulong* instructions = program)
        fixed (byte* license = "GPL\0"u8)
        {
            var load = new Libc.BpfLoad { Type = Libc.BpfXdp, Count = (uint)program.Length, Instructions = instructions, License = license };
            return Make(LoadProgram, &load, sizeof(Libc.BpfLoad));
        }
    }

    private static SafeFileHandle Make(int command, void* attributes, int length)
    {
        var descriptor = Libc.Bpf(Libc.BpfNumber, command, attributes, length);
        return descriptor >= 0 ? new SafeFileHandle((nint)descriptor, ownsHandle: true) : throw Fault("The kernel does not take the program that sends");
    }

    private static Win32Exception Fault(string what) => new(Marshal.GetLastPInvokeError(), $"{what}: {Marshal.GetLastPInvokeErrorMessage()}; it takes root and Linux 5.18.");

    private void Call()
    {
        // struct xdp_md: where data begins and ends, and from which interface it seems to have come; it is sent back through that one.
        var context = stackalloc uint[6] { 0, (uint)_frame.Length, 0, _interface, 0, 0 };
        fixed (byte* frame = _frame)
        {
            var run = new Libc.BpfRun
            {
                Program = (uint)_program.DangerousGetHandle(), FrameLength = (uint)_frame.Length, Frame = frame, Repeat = RunsPerCall,
                ContextLength = 6 * sizeof(uint), Context = context, Flags = LiveFrames, BatchSize = KernelBatch,
            };
            if (Libc.Bpf(Libc.BpfNumber, RunProgram, &run, sizeof(Libc.BpfRun)) < 0 && Marshal.GetLastPInvokeError() != Interrupted)
            {
                throw Fault("Frames cannot be sent");
            }
        }
    }
}
