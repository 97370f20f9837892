using System.Runtime.InteropServices;

namespace Appliance.Router.Capture;

/// <summary>Frames of a network interface, out of the kernel's ring without a copy.</summary>
public sealed class PacketRing : ILiveSource
{
    // Of tpacket_block_desc.
    private const int BlockStatus = 8;
    private const int BlockPackets = 12;
    private const int BlockFirst = 16;

    // Of tpacket3_hdr and the sockaddr_ll behind it.
    private const int HeaderLength = 64;
    private const int HeaderHardware = 56;
    private const int HeaderDirection = 58;

    private const uint Kernel = 0;
    private const uint User = 1;
    private const uint VlanIsValid = 16;
    private const byte ForOther = 3;
    private const byte Outgoing = 4;

    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(100);

    /// <summary>How far the clock runs behind: a frame waits for its block to be full or 10 ms old, and then for this thread.</summary>
    internal static readonly TimeSpan Lag = TimeSpan.FromMilliseconds(100);

    // All blocks are handed over within 26 ms of the stop as measured; then something else is wrong.
    private static readonly TimeSpan MaxDrain = TimeSpan.FromSeconds(1);

    private readonly string _name;
    private readonly TimeProvider _clock;
    private readonly PacketSocket? _socket;
    private readonly bool _takesOthers;
    private int _block;
    private bool _isOpen;
    private uint _left;
    private int _packet;
    private long _latest;
    private long _readCount;
    private long _endStamp;
    private bool _hasEnded;
    private volatile bool _isEnding;

    /// <summary>Watches the interface at once; what is in the way is the fault.</summary>
    internal PacketRing(string interfaceName, CaptureOptions options, TimeProvider clock, SocketFilter? filter = null)
        : this(PacketSocket.TryOpen(interfaceName, options, filter, out var error), interfaceName, options, clock)
    {
        if (_socket?.TryBegin() != true)
        {
            Fail(_socket is null ? error : Marshal.GetLastPInvokeError());
        }
    }

    private PacketRing(PacketSocket? socket, string interfaceName, CaptureOptions options, TimeProvider clock)
    {
        _name = interfaceName;
        _clock = clock;
        _socket = socket;
        _takesOthers = options.Promiscuous;
        IsUp = socket?.ReadLink(interfaceName) == LinkState.Up;
    }

    /// <summary>The system's error that kept it from opening; 0 where there was none.</summary>
    internal int Error { get; private set; }

    public long ReadCount => Volatile.Read(ref _readCount);

    public long KernelCount => _socket?.ReadCounts() is var (kept, dropped) ? kept + dropped : 0;

    public long DroppedCount => _socket?.ReadCounts().Dropped ?? 0;

    public bool IsUp { get; private set; }

    public Action? LinkChanged { get; set; }

    public CaptureFault? Fault { get; private set; }

    // All of them are read when nothing is lost on this side.
    private long KeptCount => _socket?.ReadCounts().Kept ?? 0;

    /// <summary>Opens rings that share the interface's frames, all those between two hosts in one; a single one with the fault where the kernel refuses.</summary>
    internal static IReadOnlyList<PacketRing> OpenGroup(string interfaceName, int count, CaptureOptions options, TimeProvider clock, SocketFilter? filter = null)
    {
        if (count == 1)
        {
            return [new PacketRing(interfaceName, options, clock, filter)];
        }

        var rings = new List<PacketRing>(count);
        while (rings.Count < count)
        {
            var socket = PacketSocket.TryOpen(interfaceName, options, filter, out var error);
            if (socket is null)
            {
                return [Refused(error)];
            }

            rings.Add(new PacketRing(socket, interfaceName, options, clock));
            if (!socket.TryJoin(rings[0]._socket!))
            {
                return [Refused(Marshal.GetLastPInvokeError())];
            }
        }

        return rings.TrueForAll(ring => ring._socket!.TryBegin()) ? rings : [Refused(Marshal.GetLastPInvokeError())];

        PacketRing Refused(int error)
        {
            rings.ForEach(ring => ring.Dispose());
            var refused = new PacketRing(socket: null, interfaceName, options, clock);
            refused.Fail(error);
            return refused;
        }
    }

    public long Now
    {
        get
        {
            var wall = (_clock.GetUtcNow() - Lag - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
            return Math.Max(_latest, wall);
        }
    }

    public ReadOutcome Read(out Frame frame)
    {
        while (_left > 0 || TryOpenBlock())
        {
            if (TryTake(out frame))
            {
                return ReadOutcome.Frame;
            }
        }

        frame = default;
        return _hasEnded || IsDrained() ? ReadOutcome.End : ReadOutcome.Idle;
    }

    /// <summary>Waits in the kernel, so it belongs on a thread of its own.</summary>
    public ValueTask WaitAsync(CancellationToken token)
    {
        if (_socket is not null && (_socket.Wait(MaxWait) || !IsUp))
        {
            LookAtLink(_socket.ReadLink(_name));
        }

        return ValueTask.CompletedTask;
    }

    public void Halt()
    {
        _socket?.Stop();
        BeginEnd();
    }

    public void Dispose() => _socket?.Dispose();

    private void Fail(int error)
    {
        Error = error;
        Fault = Failed(error switch
        {
            Libc.NoDevice => "there is no such interface; 'ip link' shows those there are",
            Libc.NotPermitted => "watching it takes CAP_NET_RAW; run as root or give the program that capability",
            _ => Marshal.GetPInvokeErrorMessage(error),
        });
        _hasEnded = true;
    }

    private void LookAtLink(LinkState state)
    {
        if (state == LinkState.Gone && Fault is null)
        {
            // What the ring holds is still to be read.
            Fault = Failed("it is gone");
            BeginEnd();
        }

        if (IsUp != (state == LinkState.Up))
        {
            IsUp = state == LinkState.Up;
            LinkChanged?.Invoke();
        }
    }

    private void BeginEnd()
    {
        _endStamp = _clock.GetTimestamp();
        _isEnding = true;
    }

    // Hands the last block back and opens the next one, if the kernel has filled it.
    private bool TryOpenBlock()
    {
        if (_socket is null)
        {
            return false;
        }

        var memory = _socket.Memory;
        if (_isOpen)
        {
            memory.WriteFlag((_block * PacketSocket.BlockBytes) + BlockStatus, Kernel);
            _block = (_block + 1) % _socket.BlockCount;
            _isOpen = false;
        }

        var start = _block * PacketSocket.BlockBytes;
        if ((memory.ReadFlag(start + BlockStatus) & User) == 0)
        {
            return false;
        }

        _isOpen = true;
        _left = memory.Read<uint>(start + BlockPackets);
        _packet = start + memory.Read<int>(start + BlockFirst);
        return true;
    }

    private bool TryTake(out Frame frame)
    {
        frame = default;
        if (_left == 0)
        {
            // A block that timed out empty.
            return false;
        }

        var memory = _socket!.Memory;
        var bytes = memory.Slice(_packet, HeaderLength);
        var header = MemoryMarshal.Read<RingHeader>(bytes);
        var hardware = MemoryMarshal.Read<ushort>(bytes[HeaderHardware..]);
        var direction = bytes[HeaderDirection];
        var offset = _packet + header.Offset;
        _readCount++;
        _left--;
        _packet += (int)header.Next;
        if ((direction == Outgoing && hardware == HardwareTypes.Loopback) || (direction == ForOther && !_takesOthers))
        {
            // The loopback interface shows every frame twice, once each way. Frames for others come unasked from a virtual cable,
            // or because another program has made the interface promiscuous.
            return false;
        }

        var time = (header.Seconds * 1_000_000_000L) + header.Nanoseconds;
        _latest = Math.Max(_latest, time);
        frame = new Frame(memory.Slice(offset, (int)header.Captured), header.Length, time, HardwareTypes.ToLink(hardware))
        {
            StrippedVlanId = (header.Status & VlanIsValid) != 0 ? (ushort)(header.Vlan & 0x0fff) : (ushort)0,
        };
        return true;
    }

    private bool IsDrained() =>
        _isEnding && (_readCount >= KeptCount || _clock.GetElapsedTime(_endStamp) > MaxDrain);

    private CaptureFault Failed(string reason) => new(CaptureFaultKind.InterfaceFailed, 0, 0, 0, $"{_name}: {reason}");

    /// <summary>The first fields of tpacket3_hdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct RingHeader
    {
        public readonly uint Next;
        public readonly uint Seconds;
        public readonly uint Nanoseconds;
        public readonly uint Captured;
        public readonly uint Length;
        public readonly uint Status;
        public readonly ushort Offset;
        public readonly ushort NetworkOffset;
        public readonly uint Hash;
        public readonly uint Vlan;
    }
}
