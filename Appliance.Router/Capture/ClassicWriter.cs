using System.Runtime.InteropServices;

namespace Appliance.Router.Capture;

/// <summary>Writes a classic capture file (draft-ietf-opsawg-pcap) in this machine's byte order, with nanoseconds.</summary>
/// <remarks>It holds one kind of link, that of the first frame.</remarks>
internal sealed class ClassicWriter(int snapLength) : IRecordWriter
{
    private const uint Nanoseconds = 0xa1b23c4d;
    private const uint Version = 0x0004_0002;
    private const int FileHeaderBytes = 24;
    private const int RecordHeaderBytes = 16;
    private LinkType _link;

    public int MaxOverhead => FileHeaderBytes + RecordHeaderBytes + CapturedBytes.TagBytes;

    public int Begin(LinkType link, Span<byte> target)
    {
        _link = link;
        var header = MemoryMarshal.Cast<byte, uint>(target[..FileHeaderBytes]);
        header.Clear();
        header[0] = Nanoseconds;
        header[1] = Version;
        header[4] = (uint)snapLength;
        header[5] = (uint)link;
        return FileHeaderBytes;
    }

    public int Write(in Frame frame, Span<byte> target)
    {
        if (frame.Link != _link)
        {
            return 0;
        }

        var captured = CapturedBytes.Copy(frame, snapLength, target[RecordHeaderBytes..]);
        var header = MemoryMarshal.Cast<byte, uint>(target[..RecordHeaderBytes]);
        header[0] = (uint)(frame.Time / 1_000_000_000);
        header[1] = (uint)(frame.Time % 1_000_000_000);
        header[2] = (uint)captured;
        header[3] = (uint)CapturedBytes.OriginalLength(frame);
        return RecordHeaderBytes + captured;
    }
}
