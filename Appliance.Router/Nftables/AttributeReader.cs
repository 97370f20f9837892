using System.Buffers.Binary;
using System.Text;

namespace Appliance.Router.Nftables;

/// <summary>Walks attributes; ends at the first that does not fit.</summary>
internal ref struct AttributeReader(ReadOnlySpan<byte> attributes)
{
    private ReadOnlySpan<byte> _rest = attributes;

    public bool TryRead(out ushort type, out ReadOnlySpan<byte> value)
    {
        type = 0;
        value = default;
        if (_rest.Length < NetlinkProtocol.AttributeHeaderLength)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16LittleEndian(_rest);
        if (length < NetlinkProtocol.AttributeHeaderLength || length > _rest.Length)
        {
            _rest = default;
            return false;
        }

        type = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(_rest[2..]) & NetlinkProtocol.AttributeTypeMask);
        value = _rest[NetlinkProtocol.AttributeHeaderLength..length];
        _rest = _rest[Math.Min(_rest.Length, (length + 3) & ~3)..];
        return true;
    }

    /// <summary>The first attribute of a type, or nothing.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> attributes, ushort wanted)
    {
        var reader = new AttributeReader(attributes);
        while (reader.TryRead(out var type, out var value))
        {
            if (type == wanted)
            {
                return value;
            }
        }

        return default;
    }

    public static byte Number8(ReadOnlySpan<byte> value) => value.Length == sizeof(byte) ? value[0] : (byte)0;

    public static ushort Number16(ReadOnlySpan<byte> value) =>
        value.Length == sizeof(ushort) ? BinaryPrimitives.ReadUInt16BigEndian(value) : (ushort)0;

    public static uint Number32(ReadOnlySpan<byte> value) =>
        value.Length == sizeof(uint) ? BinaryPrimitives.ReadUInt32BigEndian(value) : 0;

    public static ulong Number64(ReadOnlySpan<byte> value) =>
        value.Length == sizeof(ulong) ? BinaryPrimitives.ReadUInt64BigEndian(value) : 0;

    public static string Text(ReadOnlySpan<byte> value)
    {
        var end = value.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? value : value[..end]);
    }
}
