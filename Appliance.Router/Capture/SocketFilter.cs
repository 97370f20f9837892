using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Appliance.Router.Capture;

/// <summary>Instructions that the kernel runs over each frame before a socket takes it (classic BPF, Documentation/networking/filter.rst).</summary>
/// <remarks>An instruction is a word: code, two short jumps, and a value in the upper half (struct sock_filter, little-endian).</remarks>
internal sealed class SocketFilter(ReadOnlySpan<ulong> instructions)
{
    private const uint ReturnValue = 0x06;
    private readonly ulong[] _instructions = instructions.ToArray();

    /// <summary>Takes no frame.</summary>
    public static SocketFilter Nothing { get; } = new([ReturnValue]);

    /// <summary>Takes every frame, but no more than its first bytes.</summary>
    public static SocketFilter FirstBytes(int count) => new([Return(count)]);

    /// <summary>The same choice of frames, but no more than their first bytes.</summary>
    public SocketFilter WithFirstBytes(int count) =>
        new([.. _instructions.Select(one => (uint)one == ReturnValue && one >> 32 > (uint)count ? Return(count) : one)]);

    /// <summary>Puts the filter before a socket, in place of one that it has; false, with the system's error set, when the kernel refuses.</summary>
    public bool TryAttach(SafeFileHandle socket) => TrySet(socket, Libc.SocketLevel, Libc.AttachFilter);

    /// <summary>Has the program's value choose the socket among those that share an interface.</summary>
    public bool TryShareBy(SafeFileHandle socket) => TrySet(socket, Libc.PacketLevel, Libc.FanoutProgram);

    /// <summary>Takes the filter of a socket away.</summary>
    public static bool TryDetach(SafeFileHandle socket) => Libc.SetOption(socket, Libc.SocketLevel, Libc.DetachFilter, stackalloc byte[sizeof(int)], sizeof(int)) == 0;

    private unsafe bool TrySet(SafeFileHandle socket, int level, int option)
    {
        fixed (ulong* first = _instructions)
        {
            // sock_fprog: count, then (aligned) the address of the instructions.
            ReadOnlySpan<ulong> program = [(ulong)_instructions.Length, (ulong)first];
            return Libc.SetOption(socket, level, option, MemoryMarshal.AsBytes(program), 2 * sizeof(ulong)) == 0;
        }
    }

    private static ulong Return(int value) => ((ulong)value << 32) | ReturnValue;
}
