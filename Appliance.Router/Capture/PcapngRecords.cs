using System.Buffers.Binary;

namespace Appliance.Router.Capture;

/// <summary>Packet blocks of a pcapng file (draft-ietf-opsawg-pcapng): any number of sections and interfaces.</summary>
internal sealed class PcapngRecords(FileWindow window, CaptureFaults faults) : IRecordReader
{
    private const uint SectionHeader = 0x0a0d0d0a;
    private const uint ByteOrderMagic = 0x1a2b3c4d;
    private const uint InterfaceDescription = 1;
    private const uint ObsoletePacket = 2;
    private const uint SimplePacket = 3;
    private const uint EnhancedPacket = 6;
    private const int BlockOverhead = 12;

    // A section of more interfaces is a damaged or a hostile one; each costs 24 bytes of memory.
    private const int MaxInterfaces = 65_536;
    private readonly List<PcapngInterface> _interfaces = [];
    private bool _isBigEndian;
    private long _lastTime;

    public static PcapngRecords? TryOpen(FileWindow window, CaptureFaults faults) =>
        BinaryPrimitives.ReadUInt32LittleEndian(window.Peek(4)) == SectionHeader ? new(window, faults) : null;

    public bool TryRead(out Frame frame, out CaptureFault? fault)
    {
        frame = default;
        while (TryReadBlockHeader(out var type, out var length, out fault))
        {
            switch (type)
            {
                case SectionHeader:
                    _interfaces.Clear();
                    break;
                case InterfaceDescription when _interfaces.Count < MaxInterfaces:
                    if (!TryTakeBody(length, minimum: 8, out var description, out fault))
                    {
                        return false;
                    }

                    _interfaces.Add(PcapngInterface.Read(description, _isBigEndian));
                    continue;
                case EnhancedPacket or ObsoletePacket or SimplePacket:
                    return TryReadPacket(type, length, out frame, out fault);
            }

            if (!TrySkipBlock(length, out fault))
            {
                return false;
            }
        }

        return false;
    }

    // Gives false without a fault at a clean end.
    private bool TryReadBlockHeader(out uint type, out uint length, out CaptureFault? fault)
    {
        type = length = 0;
        fault = null;
        if (!window.Ensure(BlockOverhead))
        {
            fault = window.Available == 0 ? null : faults.Truncated(window.Offset, BlockOverhead, window.Available);
            return false;
        }

        var header = window.Peek(BlockOverhead);
        type = UInt32(header);
        if (type == SectionHeader)
        {
            // Read the same in both orders; the magic after the length tells the order of this section.
            var magic = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
            if (magic != ByteOrderMagic && magic != BinaryPrimitives.ReverseEndianness(ByteOrderMagic))
            {
                fault = faults.Malformed(window.Offset, "byte-order magic", ByteOrderMagic, magic);
                return false;
            }

            _isBigEndian = magic != ByteOrderMagic;
        }

        length = UInt32(header[4..]);
        if (length < BlockOverhead || length % 4 != 0)
        {
            fault = faults.Malformed(window.Offset, "length", Math.Max(BlockOverhead, (length + 3L) & ~3L), length);
            return false;
        }

        return true;
    }

    private bool TryReadPacket(uint type, uint length, out Frame frame, out CaptureFault? fault)
    {
        frame = default;
        var offset = window.Offset;
        if (!TryTakeBody(length, type == SimplePacket ? 4 : 20, out var body, out fault))
        {
            return false;
        }

        var number = type switch { EnhancedPacket => UInt32(body), ObsoletePacket => UInt16(body), _ => 0u };
        if (number >= _interfaces.Count)
        {
            fault = faults.Malformed(offset, "interface number", _interfaces.Count - 1, number);
            return false;
        }

        var source = _interfaces[(int)number];
        if (type == SimplePacket)
        {
            // No time stamp of its own, so it takes the last one seen; its captured length is implied.
            var original = UInt32(body);
            var most = source.SnapLength == 0 ? original : Math.Min(original, source.SnapLength);
            frame = new Frame(body[4..][..(int)Math.Min(most, body.Length - 4)], original, _lastTime, source.Link);
            return true;
        }

        var captured = UInt32(body[12..]);
        if (captured > body.Length - 20)
        {
            fault = faults.Absurd(offset, body.Length - 20, captured);
            return false;
        }

        _lastTime = source.ToTime(((ulong)UInt32(body[4..]) << 32) | UInt32(body[8..]));
        frame = new Frame(body.Slice(20, (int)captured), Math.Max(captured, UInt32(body[16..])), _lastTime, source.Link);
        return true;
    }

    // The body stays readable until the window is asked for more.
    private bool TryTakeBody(uint length, int minimum, out ReadOnlySpan<byte> body, out CaptureFault? fault)
    {
        body = default;
        fault = null;
        if (length > FileWindow.MaxPeek)
        {
            fault = faults.Absurd(window.Offset, FileWindow.MaxPeek, length);
        }
        else if (!window.Ensure((int)length))
        {
            fault = faults.Truncated(window.Offset, length, window.Available);
        }
        else if (length < BlockOverhead + minimum)
        {
            fault = faults.Malformed(window.Offset, "length", BlockOverhead + minimum, length);
        }
        else
        {
            var block = window.Peek((int)length);
            var trailer = UInt32(block[^4..]);
            fault = trailer == length ? null : faults.Malformed(window.Offset, "trailing length", length, trailer);
            body = block[8..^4];
            window.Advance((int)length);
        }

        return fault is null;
    }

    private bool TrySkipBlock(uint length, out CaptureFault? fault)
    {
        var offset = window.Offset;
        fault = null;
        if (!window.TrySkip(length - 4) || !window.Ensure(4))
        {
            fault = faults.Truncated(offset, length, window.Offset + window.Available - offset);
            return false;
        }

        var trailer = UInt32(window.Peek(4));
        window.Advance(4);
        fault = trailer == length ? null : faults.Malformed(offset, "trailing length", length, trailer);
        return fault is null;
    }

    private uint UInt32(ReadOnlySpan<byte> bytes) =>
        _isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private uint UInt16(ReadOnlySpan<byte> bytes) =>
        _isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
