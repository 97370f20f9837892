using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Appliance.Router.Capture;

/// <summary>The memory that the kernel writes frames to and this program reads them from.</summary>
internal sealed class RingMemory : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly uint _length;

    private RingMemory(nint address, uint length)
        : base(ownsHandle: true)
    {
        SetHandle(address);
        _length = length;
    }

    /// <summary>Maps the socket's ring; invalid, with the system's error set, when the kernel refuses.</summary>
    public static RingMemory Map(SafeFileHandle socket, int length) =>
        new(Libc.Map(0, (uint)length, Libc.ReadWrite, Libc.Shared, socket, 0), (uint)length);

    /// <summary>A part of the ring; empty where offset and length, which the kernel wrote, do not lie within it.</summary>
    public unsafe ReadOnlySpan<byte> Slice(int offset, int length) =>
        (uint)offset <= _length && (uint)length <= _length - (uint)offset ? new ReadOnlySpan<byte>((byte*)handle + offset, length) : default;

    public T Read<T>(int offset)
        where T : unmanaged => MemoryMarshal.Read<T>(Slice(offset, Unsafe.SizeOf<T>()));

    /// <summary>Reads a word that the kernel writes last, so that what it wrote before is seen too.</summary>
    public uint ReadFlag(int offset) => Volatile.Read(ref Word(offset));

    /// <summary>Writes a word after everything that was read before.</summary>
    public void WriteFlag(int offset, uint value) => Volatile.Write(ref Word(offset), value);

    protected override bool ReleaseHandle() => Libc.Unmap(handle, _length) == 0;

    // The offsets of flags are this program's own: the beginnings of blocks.
    private unsafe ref uint Word(int offset) => ref *(uint*)(handle + offset);
}
