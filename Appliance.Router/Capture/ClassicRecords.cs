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
    private readonly FileWindow window;
    private readonly CaptureFaults faults;
    private readonly bool isSwapped;
    private readonly long nanosecondsPerTick;
    private LinkType? link;

    private ClassicRecords(FileWindow window, CaptureFaults faults, bool isSwapped, bool isNanosecond)
    {
        this.window = window;
        this.faults = faults;
        this.isSwapped = isSwapped;
        nanosecondsPerTick = isNanosecond ? 1 : 1000;
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

    public bool TryRead(out Frame frame, out CaptureFault? fault)
    {
        frame = default;
        if (link is null && !TryReadFileHeader(out fault))
        {
            return false;
        }

        if (!window.Ensure(RecordHeaderBytes))
        {
            fault = window.Available == 0 ? null : faults.Truncated(window.Offset, RecordHeaderBytes, window.Available);
            return false;
        }

        var header = MemoryMarshal.Cast<byte, uint>(window.Peek(RecordHeaderBytes));
        uint seconds = Order(header[0]), fraction = Order(header[1]), captured = Order(header[2]), original = Order(header[3]);
        if (captured > MaxFrameBytes)
        {
            fault = faults.Absurd(window.Offset, MaxFrameBytes, captured);
            return false;
        }

        var length = RecordHeaderBytes + (int)captured;
        if (!window.Ensure(length))
        {
            fault = faults.Truncated(window.Offset, length, window.Available);
            return false;
        }

        var time = (seconds * 1_000_000_000L) + (fraction * nanosecondsPerTick);
        frame = new Frame(window.Peek(length)[RecordHeaderBytes..], Math.Max(original, captured), time, link.GetValueOrDefault());
        window.Advance(length);
        fault = null;
        return true;
    }

    private bool TryReadFileHeader(out CaptureFault? fault)
    {
        if (!window.Ensure(FileHeaderBytes))
        {
            fault = faults.Truncated(0, FileHeaderBytes, window.Available);
            return false;
        }

        // The upper half tells of a frame check sequence at the end, which the IP length leaves out anyway.
        var number = Order(MemoryMarshal.Read<uint>(window.Peek(FileHeaderBytes)[LinkTypeOffset..]));
        link = LinkTypes.From((int)(number & 0xffff));
        window.Advance(FileHeaderBytes);
        fault = null;
        return true;
    }

    private uint Order(uint value) => isSwapped ? BinaryPrimitives.ReverseEndianness(value) : value;
}
