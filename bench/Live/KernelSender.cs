using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Appliance.Router.Nftables;
using Link = Appliance.Router.Capture.Libc;

namespace Appliance.Benchmarks.Live;

/// <summary>Sends one frame again and again, each time from one of many ports, without leaving the kernel.</summary>
/// <remarks>
/// An XDP program that the kernel runs over frames of its own (BPF_F_TEST_XDP_LIVE_FRAMES, Linux 5.18) redirects them into the cable: 0.11 µs a packet
/// in a call of a million, 0.46 µs in one of 4096. The other end of a virtual cable takes such frames only while it polls, as it does with GRO.
/// </remarks>
internal sealed unsafe class KernelSender : IDisposable
{
    private const int LoadProgram = 5;
    private const int RunProgram = 10;
    private const int XdpProgram = 6;
    private const uint LiveFrames = 2;
    private const uint KernelBatch = 64;

    // Ethernet and an IPv4 header without options.
    private const int SourcePortOffset = 34;

    private readonly NetworkNamespace _place;
    private readonly byte[] _frame;
    private readonly uint _interface;
    private readonly int _program;

    /// <param name="place">The namespace to send from.</param>
    /// <param name="interfaceName">The interface there.</param>
    /// <param name="frame">A UDP datagram over IPv4.</param>
    /// <param name="firstPort">The first source port.</param>
    /// <param name="ports">How many there are from there on, a power of two.</param>
    public KernelSender(NetworkNamespace place, string interfaceName, byte[] frame, ushort firstPort, ushort ports)
    {
        (_place, _frame) = (place, frame);
        _interface = place.Run(() => Link.InterfaceIndex(interfaceName));
        _program = place.Run(() => Load(Program(firstPort, ports)));
    }

    /// <summary>Runs work where frames can be sent.</summary>
    public T Run<T>(Func<T> work) => _place.Run(work);

    /// <summary>Sends so many, or says why not; from within the namespace.</summary>
    public void Send(int count)
    {
        // struct xdp_md: where data begins and ends, and from which interface it seems to have come.
        var context = stackalloc uint[6] { 0, (uint)_frame.Length, 0, _interface, 0, 0 };
        fixed (byte* frame = _frame)
        {
            var run = new Libc.BpfRun
            {
                Program = (uint)_program, FrameLength = (uint)_frame.Length, Frame = frame, Repeat = (uint)count,
                ContextLength = 6 * sizeof(uint), Context = context, Flags = LiveFrames, BatchSize = KernelBatch,
            };
            if (Libc.Bpf(Libc.BpfNumber, RunProgram, &run, sizeof(Libc.BpfRun)) < 0)
            {
                throw Fault("Frames cannot be sent");
            }
        }
    }

    public void Dispose() => _ = Libc.Close(_program);

    // r1 is the context. Puts a port by chance into the frame, then redirects it.
    private ulong[] Program(ushort firstPort, ushort ports) =>
    [
        Instruction(0x61, 2, 1, 0, 0), // r2 = data
        Instruction(0x61, 3, 1, 4, 0), // r3 = end of data
        Instruction(0xbf, 6, 2, 0, 0), // r6 = r2
        Instruction(0x07, 2, 0, 0, SourcePortOffset + sizeof(ushort)),
        Instruction(0x2d, 2, 3, 8, 0), // too short: to the last two
        Instruction(0x85, 0, 0, 0, 7), // r0 = bpf_get_prandom_u32()
        Instruction(0x57, 0, 0, 0, ports - 1), // r0 &= ports - 1
        Instruction(0x07, 0, 0, 0, firstPort),
        Instruction(0xdc, 0, 0, 0, 16), // in network order
        Instruction(0x6b, 6, 0, SourcePortOffset, 0), // into the frame
        Instruction(0xb7, 1, 0, 0, (int)_interface),
        Instruction(0xb7, 2, 0, 0, 0),
        Instruction(0x05, 0, 0, 2, 0), // over the next two
        Instruction(0xb7, 0, 0, 0, 1), // XDP_DROP
        Instruction(0x95, 0, 0, 0, 0),
        Instruction(0x85, 0, 0, 0, 23), // bpf_redirect(r1, r2)
        Instruction(0x95, 0, 0, 0, 0),
    ];

    private static ulong Instruction(byte code, byte destination, byte source, short offset, int value) =>
        code | ((ulong)destination << 8) | ((ulong)source << 12) | ((ulong)(ushort)offset << 16) | ((ulong)(uint)value << 32);

    private static int Load(ulong[] program)
    {
        fixed (ulong* instructions = program)
        fixed (byte* license = "GPL\0"u8)
        {
            var load = new Libc.BpfLoad { Type = XdpProgram, Count = (uint)program.Length, Instructions = instructions, License = license };
            var descriptor = Libc.Bpf(Libc.BpfNumber, LoadProgram, &load, sizeof(Libc.BpfLoad));
            return descriptor >= 0 ? (int)descriptor : throw Fault("The kernel does not take the program that sends");
        }
    }

    private static Win32Exception Fault(string what) => new(Marshal.GetLastPInvokeError(), $"{what}: {Marshal.GetLastPInvokeErrorMessage()}; it takes root and Linux 5.18.");
}
