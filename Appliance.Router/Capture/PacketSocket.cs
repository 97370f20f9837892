using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Appliance.Router.Capture;

/// <summary>An AF_PACKET socket that fills a ring of blocks (TPACKET_V3).</summary>
/// <remarks>It takes nothing before the ring stands: the order is socket, filter, version, ring, map, and bind last.</remarks>
internal sealed class PacketSocket : IDisposable
{
    public const int BlockBytes = 1 << 20;

    private const int ThirdVersion = 2;
    private const ushort AllProtocols = 3;
    private const int Promiscuous = 1;
    private const int FrameBytes = 2048;

    // What a frame waits at most on a quiet link until its block is handed over.
    private const int BlockTimeoutMilliseconds = 10;

    private readonly SafeFileHandle _socket;
    private readonly SocketCounts _counts;

    private PacketSocket(SafeFileHandle socket, int blockCount)
    {
        _socket = socket;
        _counts = new SocketCounts(socket);
        BlockCount = blockCount;
    }

    public int BlockCount { get; }

    public RingMemory Memory { get; private set; } = null!;

    /// <summary>Opens and binds; null, with the error's number, when the kernel refuses.</summary>
    public static PacketSocket? TryOpen(string interfaceName, CaptureOptions options, SocketFilter? filter, out int error)
    {
        var index = (int)Libc.InterfaceIndex(interfaceName);
        error = index == 0 ? Libc.NoDevice : 0;
        if (index == 0)
        {
            return null;
        }

        // The error is taken at once: what the runtime does in between leaves its own there.
        var handle = Libc.Socket(Libc.PacketFamily, Libc.RawType | Libc.CloseOnExec, 0);
        error = handle.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
        var socket = new PacketSocket(handle, options.RingBlocks);
        if (!handle.IsInvalid && (filter?.TryAttach(handle) ?? true) && socket.TrySetUp(index, options.Promiscuous))
        {
            return socket;
        }

        error = handle.IsInvalid ? error : Marshal.GetLastPInvokeError();
        socket.Dispose();
        return null;
    }

    /// <summary>Frames that the kernel has taken for this socket and not lost, and those that it has lost.</summary>
    public (long Kept, long Dropped) ReadCounts() => _counts.Read();

    /// <summary>Waits for a block; false when the interface has failed.</summary>
    public bool Wait(TimeSpan time)
    {
        var isKept = false;
        try
        {
            _socket.DangerousAddRef(ref isKept);
            var entry = new Libc.PollEntry { File = (int)_socket.DangerousGetHandle(), Wanted = Libc.PollIn | Libc.PollError };
            return Libc.Poll(ref entry, 1, (int)time.TotalMilliseconds) <= 0 || (entry.Found & Libc.PollError) == 0;
        }
        finally
        {
            if (isKept)
            {
                _socket.DangerousRelease();
            }
        }
    }

    /// <summary>Takes no frame from now on.</summary>
    public void Stop() => SocketFilter.Nothing.TryAttach(_socket);

    public void Dispose()
    {
        Memory?.Dispose();
        _counts.Close();
    }

    private bool TrySetUp(int index, bool isPromiscuous)
    {
        int[] version = [ThirdVersion];
        int[] ring = [BlockBytes, BlockCount, FrameBytes, BlockBytes / FrameBytes * BlockCount, BlockTimeoutMilliseconds, 0, 0];
        if (!TrySet(Libc.Version, version) || !TrySet(Libc.RxRing, ring))
        {
            return false;
        }

        Memory = RingMemory.Map(_socket, BlockBytes * BlockCount);
        if (Memory.IsInvalid)
        {
            return false;
        }

        // packet_mreq: interface, type, length and eight bytes of address.
        int[] membership = [index, Promiscuous, 0, 0];
        var all = BinaryPrimitives.ReverseEndianness(AllProtocols);
        var address = new Libc.LinkAddress(Libc.PacketFamily, all, index);
        return (!isPromiscuous || TrySet(Libc.AddMembership, membership)) && Libc.Bind(_socket, address, Marshal.SizeOf(address)) == 0;
    }

    private bool TrySet(int option, ReadOnlySpan<int> value)
    {
        var bytes = MemoryMarshal.AsBytes(value);
        return Libc.SetOption(_socket, Libc.PacketLevel, option, bytes, bytes.Length) == 0;
    }
}
