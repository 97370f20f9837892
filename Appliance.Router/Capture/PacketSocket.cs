using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Appliance.Router.Capture;

/// <summary>An AF_PACKET socket that fills a ring of blocks (TPACKET_V3).</summary>
/// <remarks>
/// It takes nothing before the ring stands: the order is socket, version, ring, map, and bind last. An interface that goes down takes
/// the socket off its list and puts it back when it comes up (packet_notifier in af_packet.c), so nothing is lost in between but what
/// was sent meanwhile; only one that is deleted needs another socket.
/// </remarks>
internal sealed class PacketSocket : IDisposable
{
    // On a quiet link a block is handed over for every frame, so the number of blocks says how long the reader may be held up: 10 ms each.
    // A block still has to hold the longest frame, which is a segment of 64 KiB that is to be cut up by hardware.
    public const int BlockBytes = 1 << 18;

    private const int ThirdVersion = 2;
    private const ushort AllProtocols = 3;
    private const int Promiscuous = 1;
    private const int FrameBytes = 2048;

    // struct ifreq: the name, then what is asked for.
    private const int RequestLength = 40;
    private const int RequestName = 16;
    private const byte IsUp = 1;

    private const int FanoutByProgram = 6;
    private const int FanoutNewId = 0x2000;

    // What a frame waits at most on a quiet link until its block is handed over.
    private const int BlockTimeoutMilliseconds = 10;

    private readonly SafeFileHandle _socket;
    private readonly SocketCounts _counts;
    private readonly SocketFilter? _filter;
    private readonly int _index;
    private readonly LinkWatch? _links = LinkWatch.TryOpen();

    private PacketSocket(SafeFileHandle socket, SocketFilter? filter, int index, int blockCount)
    {
        _socket = socket;
        _counts = new SocketCounts(socket);
        _filter = filter;
        _index = index;
        BlockCount = blockCount;
    }

    public int BlockCount { get; }

    public RingMemory Memory { get; private set; } = null!;

    /// <summary>Opens and binds, but takes no frame yet; null, with the error's number, when the kernel refuses.</summary>
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
        var socket = new PacketSocket(handle, filter, index, options.RingBlocks);
        if (!handle.IsInvalid && socket.TrySetUp(options.Promiscuous))
        {
            return socket;
        }

        error = handle.IsInvalid ? error : Marshal.GetLastPInvokeError();
        socket.Dispose();
        return null;
    }

    /// <summary>Shares the frames with the sockets that have joined before it; the first one makes the group.</summary>
    public bool TryJoin(PacketSocket first)
    {
        if (first == this)
        {
            return TrySet(Libc.Fanout, [(FanoutByProgram | FanoutNewId) << 16]) && FanoutRule.ByAddresses().TryShareBy(_socket);
        }

        Span<int> group = [0];
        var length = sizeof(int);
        return Libc.GetOption(first._socket, Libc.PacketLevel, Libc.Fanout, MemoryMarshal.AsBytes(group), ref length) == 0
            && TrySet(Libc.Fanout, [(group[0] & 0xffff) | (FanoutByProgram << 16)]);
    }

    /// <summary>Takes frames from now on.</summary>
    public bool TryBegin() => _filter is null ? SocketFilter.TryDetach(_socket) : _filter.TryAttach(_socket);

    /// <summary>Frames that the kernel has taken for this socket and not lost, and those that it has lost.</summary>
    public (long Kept, long Dropped) ReadCounts() => _counts.Read();

    /// <summary>Waits for a block; true when the interface may have changed meanwhile.</summary>
    public bool Wait(TimeSpan time)
    {
        Span<Libc.PollEntry> entries =
        [
            new Libc.PollEntry { File = (int)_socket.DangerousGetHandle(), Wanted = Libc.PollIn | Libc.PollError },

            // poll(2) passes over a negative number.
            new Libc.PollEntry { File = (int)(_links?.Socket.DangerousGetHandle() ?? -1), Wanted = Libc.PollIn },
        ];
        if (Libc.Poll(ref entries[0], (nuint)entries.Length, (int)time.TotalMilliseconds) <= 0)
        {
            return false;
        }

        var hasFailed = (entries[0].Found & Libc.PollError) != 0;
        if (hasFailed)
        {
            // Reading the error clears it: the socket goes on when the interface is up again.
            var length = sizeof(int);
            _ = Libc.GetOption(_socket, Libc.SocketLevel, Libc.SocketError, stackalloc byte[sizeof(int)], ref length);
        }

        return (entries[1].Found != 0 && _links!.Drain()) || hasFailed;
    }

    /// <summary>How the interface is that the socket was bound to.</summary>
    public LinkState ReadLink(string interfaceName)
    {
        Span<byte> request = stackalloc byte[RequestLength];
        request.Clear();
        System.Text.Encoding.UTF8.TryGetBytes(interfaceName, request[..(RequestName - 1)], out _);
        if (Libc.Ask(_socket, Libc.ReadInterfaceIndex, request) != 0 || MemoryMarshal.Read<int>(request[RequestName..]) != _index)
        {
            return LinkState.Gone;
        }

        request[RequestName..].Clear();
        return Libc.Ask(_socket, Libc.ReadInterfaceFlags, request) != 0 ? LinkState.Gone
            : (request[RequestName] & IsUp) != 0 ? LinkState.Up : LinkState.Down;
    }

    /// <summary>Takes no frame from now on.</summary>
    public void Stop() => SocketFilter.Nothing.TryAttach(_socket);

    public void Dispose()
    {
        _links?.Dispose();
        Memory?.Dispose();
        _counts.Close();
    }

    // Bound last, behind a filter that lets nothing through: a socket that is to share must not take all frames before it has joined.
    private bool TrySetUp(bool isPromiscuous)
    {
        ReadOnlySpan<int> ring = [BlockBytes, BlockCount, FrameBytes, BlockBytes / FrameBytes * BlockCount, BlockTimeoutMilliseconds, 0, 0];
        if (!TrySet(Libc.Version, [ThirdVersion]) || !TrySet(Libc.RxRing, ring))
        {
            return false;
        }

        Memory = RingMemory.Map(_socket, BlockBytes * BlockCount);
        if (Memory.IsInvalid || !SocketFilter.Nothing.TryAttach(_socket))
        {
            return false;
        }

        // packet_mreq: interface, type, length and eight bytes of address.
        var address = new Libc.LinkAddress(Libc.PacketFamily, BinaryPrimitives.ReverseEndianness(AllProtocols), _index);
        return (!isPromiscuous || TrySet(Libc.AddMembership, [_index, Promiscuous, 0, 0])) && Libc.Bind(_socket, address, Marshal.SizeOf(address)) == 0;
    }

    private bool TrySet(int option, ReadOnlySpan<int> value)
    {
        var bytes = MemoryMarshal.AsBytes(value);
        return Libc.SetOption(_socket, Libc.PacketLevel, option, bytes, bytes.Length) == 0;
    }
}
