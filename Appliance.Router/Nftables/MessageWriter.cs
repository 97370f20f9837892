using System.Buffers.Binary;
using System.Text;

namespace Appliance.Router.Nftables;

/// <summary>Writes netlink messages and attributes into a buffer that the caller made large enough.</summary>
/// <remarks>Netlink headers are in host order; both node architectures are little-endian. Netfilter's values are big-endian.</remarks>
internal ref struct MessageWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _buffer[..Length];

    /// <summary>Starts a message with the header that all netfilter subsystems share; its length is set by <see cref="End"/>.</summary>
    public int Begin(ushort type, ushort flags, uint sequence, byte family, ushort resource = 0)
    {
        Span<byte> header = [family, 0, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], resource);
        return Begin(type, flags, sequence, header);
    }

    /// <summary>Starts a message with a header of its subsystem's own.</summary>
    public int Begin(ushort type, ushort flags, uint sequence, scoped ReadOnlySpan<byte> familyHeader)
    {
        var start = Length;
        var header = Take(NetlinkProtocol.HeaderLength + familyHeader.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], type);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], flags);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], sequence);
        familyHeader.CopyTo(header[NetlinkProtocol.HeaderLength..]);
        return start;
    }

    public readonly void End(int start) =>
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer[start..], (uint)(Length - start));

    public int BeginNested(ushort type)
    {
        var start = Length;
        BinaryPrimitives.WriteUInt16LittleEndian(Take(NetlinkProtocol.AttributeHeaderLength)[2..], (ushort)(type | NetlinkProtocol.Nested));
        return start;
    }

    public readonly void EndNested(int start) =>
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer[start..], checked((ushort)(Length - start)));

    public void Bytes(ushort type, scoped ReadOnlySpan<byte> value) => value.CopyTo(Attribute(type, value.Length));

    /// <summary>Text ends with a zero byte, which counts.</summary>
    public void Text(ushort type, string value) => Encoding.ASCII.GetBytes(value, Attribute(type, value.Length + 1));

    public void Number8(ushort type, byte value) => Attribute(type, sizeof(byte))[0] = value;

    public void Number16(ushort type, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Attribute(type, sizeof(ushort)), value);

    public void Number32(ushort type, uint value) => BinaryPrimitives.WriteUInt32BigEndian(Attribute(type, sizeof(uint)), value);

    public void Number64(ushort type, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Attribute(type, sizeof(ulong)), value);

    private Span<byte> Attribute(ushort type, int length)
    {
        var total = NetlinkProtocol.AttributeHeaderLength + length;
        var whole = Take((total + 3) & ~3);
        BinaryPrimitives.WriteUInt16LittleEndian(whole, checked((ushort)total));
        BinaryPrimitives.WriteUInt16LittleEndian(whole[2..], type);
        return whole[NetlinkProtocol.AttributeHeaderLength..total];
    }

    private Span<byte> Take(int count)
    {
        var taken = _buffer.Slice(Length, count);
        taken.Clear();
        Length += count;
        return taken;
    }
}
