using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Appliance.Router.Capture;

/// <summary>Writes a pcapng file (draft-ietf-opsawg-pcapng) in this machine's byte order, with nanoseconds; each kind of link is an interface of its own.</summary>
internal sealed class PcapngWriter(string interfaceName, int snapLength) : IRecordWriter
{
    private const uint SectionHeader = 0x0a0d0d0a;
    private const uint ByteOrderMagic = 0x1a2b3c4d;
    private const uint InterfaceDescription = 1;
    private const uint EnhancedPacket = 6;
    private const ushort ApplicationOption = 4;
    private const ushort NameOption = 2;
    private const ushort ResolutionOption = 9;
    private const byte Nanoseconds = 9;
    private const int BlockHeaderBytes = 8;
    private const int SectionBytes = 16;
    private const int DescriptionBytes = 8;
    private const int PacketBytes = 20;
    private readonly List<LinkType> _links = [];

    // A packet block, and the description of an interface whose name has 15 characters of at most four bytes before it.
    public int MaxOverhead => 256;

    public int Begin(LinkType link, Span<byte> target)
    {
        var body = target[BlockHeaderBytes..];
        BinaryPrimitives.WriteUInt32LittleEndian(body, ByteOrderMagic);
        BinaryPrimitives.WriteUInt32LittleEndian(body[4..], 1);
        BinaryPrimitives.WriteInt64LittleEndian(body[8..], -1);
        var length = SectionBytes + WriteOption(body[SectionBytes..], ApplicationOption, "appliance"u8);
        length += WriteOption(body[length..], 0, default);
        var section = Close(target, SectionHeader, length);
        return section + WriteInterface(link, target[section..]);
    }

    public int Write(in Frame frame, Span<byte> target)
    {
        var number = _links.IndexOf(frame.Link);
        var start = 0;
        if (number < 0)
        {
            number = _links.Count;
            start = WriteInterface(frame.Link, target);
        }

        var packet = target[start..];
        var bytes = packet[(BlockHeaderBytes + PacketBytes)..];
        var captured = CapturedBytes.Copy(frame, snapLength, bytes);
        var header = MemoryMarshal.Cast<byte, uint>(packet.Slice(BlockHeaderBytes, PacketBytes));
        header[0] = (uint)number;
        header[1] = (uint)(frame.Time >> 32);
        header[2] = (uint)frame.Time;
        header[3] = (uint)captured;
        header[4] = (uint)CapturedBytes.OriginalLength(frame);
        return start + Close(packet, EnhancedPacket, PacketBytes + Pad(bytes, captured));
    }

    private int WriteInterface(LinkType link, Span<byte> target)
    {
        _links.Add(link);
        var body = target[BlockHeaderBytes..];
        BinaryPrimitives.WriteUInt32LittleEndian(body, (ushort)link);
        BinaryPrimitives.WriteInt32LittleEndian(body[4..], snapLength);
        var length = DescriptionBytes + WriteOption(body[DescriptionBytes..], NameOption, Encoding.UTF8.GetBytes(interfaceName));
        length += WriteOption(body[length..], ResolutionOption, [Nanoseconds]);
        length += WriteOption(body[length..], 0, default);
        return Close(target, InterfaceDescription, length);
    }

    private static int WriteOption(Span<byte> target, ushort code, ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(target, code);
        BinaryPrimitives.WriteUInt16LittleEndian(target[2..], (ushort)value.Length);
        value.CopyTo(target[4..]);
        return 4 + Pad(target[4..], value.Length);
    }

    // Zeros up to the next multiple of four; gives the length with them.
    private static int Pad(Span<byte> target, int length)
    {
        var padded = (length + 3) & ~3;
        target[length..padded].Clear();
        return padded;
    }

    // The length stands at both ends of a block.
    private static int Close(Span<byte> block, uint type, int bodyLength)
    {
        var length = BlockHeaderBytes + bodyLength + sizeof(uint);
        BinaryPrimitives.WriteUInt32LittleEndian(block, type);
        BinaryPrimitives.WriteInt32LittleEndian(block[4..], length);
        BinaryPrimitives.WriteInt32LittleEndian(block[(length - sizeof(uint))..], length);
        return length;
    }
}
