using System.Runtime.InteropServices;

namespace Appliance.Router.Capture;

/// <summary>Frames of a network interface, out of the kernel's ring without a copy.</summary>
public sealed class PacketRing : IPacketSource
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
    private const byte Outgoing = 4;

    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(100);

    // A frame waits for its block to be full or 10 ms old, and then for this thread.
    private static readonly TimeSpan Lag = TimeSpan.FromMilliseconds(100);

    // All blocks are handed over within 26 ms of the stop as measured; then something else is wrong.
    private static readonly TimeSpan MaxDrain = TimeSpan.FromSeconds(1);

    private readonly string _name;
    private readonly TimeProvider _clock;
    private readonly PacketSocket? _socket;
    private int _block;
    private bool _isOpen;
    private uint _left;
    private int _packet;
    private long _latest;
    private long _haltStamp;
    private volatile bool _isHalted;

    internal PacketRing(string interfaceName, CaptureOptions options, TimeProvider clock, SocketFilter? filter = null)
    {
        _name = interfaceName;
        _clock = clock;
        _socket = PacketSocket.TryOpen(interfaceName, options, filter, out var error);
        Error = error;
        if (_socket is null)
        {
            Fault = Failed(error switch
            {
                Libc.NoDevice => "there is no such interface; 'ip link' shows those there are",
                Libc.NotPermitted => "watching it takes CAP_NET_RAW; run as root or give the program that capability",
                _ => Marshal.GetPInvokeErrorMessage(error),
            });
        }
    }

    /// <summary>The system's error that kept it from opening; 0 where there was none.</summary>
    internal int Error { get; }

    /// <summary>Frames read, whether given out or not.</summary>
    public long ReadCount { get; private set; }

    /// <summary>Frames that the kernel has taken for this source and not dropped; all of them read when nothing is lost.</summary>
    public long KeptCount => _socket?.ReadCounts().Kept ?? 0;

    public long DroppedCount => _socket?.ReadCounts().Dropped ?? 0;

    public CaptureFault? Fault { get; private set; }

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
        return Fault is not null || IsDrained() ? ReadOutcome.End : ReadOutcome.Idle;
    }

    /// <summary>Waits in the kernel, so it belongs on a thread of its own.</summary>
    public ValueTask WaitAsync(CancellationToken token)
    {
        if (_socket is not null && !_socket.Wait(MaxWait))
        {
            Fault = Failed("it went down or away");
        }

        return ValueTask.CompletedTask;
    }

    public void Halt()
    {
        _socket?.Stop();
        _haltStamp = _clock.GetTimestamp();
        _isHalted = true;
    }

    public void Dispose() => _socket?.Dispose();

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
        var isEcho = hardware == HardwareTypes.Loopback && bytes[HeaderDirection] == Outgoing;
        var offset = _packet + header.Offset;
        ReadCount++;
        _left--;
        _packet += (int)header.Next;
        if (isEcho)
        {
            // The loopback interface shows every frame twice, once each way.
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
        _isHalted && (ReadCount >= KeptCount || _clock.GetElapsedTime(_haltStamp) > MaxDrain);

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
