using System.Runtime.CompilerServices;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Appliance.Router.Capture;

/// <summary>Records of a classic capture file (draft-ietf-opsawg-pcap), both byte orders, micro- and nanoseconds.</summary>
internal sealed class ClassicRecords : IRecordReader
{
    /// <summary>The largest captured length that libpcap and Wireshark accept (MAXIMUM_SNAPLEN).</summary>
    public const int MaxFrameBytes = 262_144;

    private const int FileHeaderBytes = 24;
    private const int RecordHeaderBytes = 16;
    private const int LinkTypeOffset = 20;
    private readonly FileWindow _window;
    private readonly CaptureFaults _faults;
    private readonly bool _isSwapped;
    private readonly long _nanosecondsPerTick;
    private LinkType? _link;

    private ClassicRecords(FileWindow window, CaptureFaults faults, bool isSwapped, bool isNanosecond)
    {
        _window = window;
        _faults = faults;
        _isSwapped = isSwapped;
        _nanosecondsPerTick = isNanosecond ? 1 : 1000;
    }

    /// <summary>Recognizes the format by its first four bytes.</summary>
    public static ClassicRecords? TryOpen(FileWindow window, CaptureFaults faults) =>
        BinaryPrimitives.ReadUInt32LittleEndian(window.Peek(4)) switch
        {
            0xa1b2c3d4 => new(window, faults, isSwapped: false, isNanosecond: false),
            0xd4c3b2a1 => new(window, faults, isSwapped: true, isNanosecond: false),
            0xa1b23c4d => new(window, faults, isSwapped: false, isNanosecond: true),
            0x4d3cb2a1 => new(window, faults, isSwapped: true, isNanosecond: true),
            _ => null,
        };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryRead(out Frame frame, out CaptureFault? fault)
    {
        frame = default;
        if (_link is null && !TryReadFileHeader(out fault))
        {
            return false;
        }

        if (!_window.Ensure(RecordHeaderBytes))
        {
            fault = _window.Available == 0 ? null : _faults.Truncated(_window.Offset, RecordHeaderBytes, _window.Available);
            return false;
        }

        var header = MemoryMarshal.Cast<byte, uint>(_window.Peek(RecordHeaderBytes));
        uint seconds = Order(header[0]), fraction = Order(header[1]), captured = Order(header[2]), original = Order(header[3]);
        if (captured > MaxFrameBytes)
        {
            fault = _faults.Absurd(_window.Offset, MaxFrameBytes, captured);
            return false;
        }

        var length = RecordHeaderBytes + (int)captured;
        if (!_window.Ensure(length))
        {
            fault = _faults.Truncated(_window.Offset, length, _window.Available);
            return false;
        }

        var time = (seconds * 1_000_000_000L) + (fraction * _nanosecondsPerTick);
        frame = new Frame(_window.Peek(length)[RecordHeaderBytes..], Math.Max(original, captured), time, _link.GetValueOrDefault());
        _window.Advance(length);
        fault = null;
        return true;
    }

    private bool TryReadFileHeader(out CaptureFault? fault)
    {
        if (!_window.Ensure(FileHeaderBytes))
        {
            fault = _faults.Truncated(0, FileHeaderBytes, _window.Available);
            return false;
        }

        // The upper half tells of a frame check sequence at the end, which the IP length leaves out anyway.
        var number = Order(MemoryMarshal.Read<uint>(_window.Peek(FileHeaderBytes)[LinkTypeOffset..]));
        _link = LinkTypes.From((int)(number & 0xffff));
        _window.Advance(FileHeaderBytes);
        fault = null;
        return true;
    }

    private uint Order(uint value) => _isSwapped ? BinaryPrimitives.ReverseEndianness(value) : value;
}
