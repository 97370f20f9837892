using System.Buffers.Binary;

namespace Appliance.Router.Nftables;

/// <summary>Walks the messages of one datagram; ends at the first that does not fit.</summary>
internal ref struct MessageReader(ReadOnlySpan<byte> datagram)
{
    private ReadOnlySpan<byte> _rest = datagram;

    public bool TryRead(out NetlinkHeader header, out ReadOnlySpan<byte> payload)
    {
        header = default;
        payload = default;
        if (_rest.Length < NetlinkProtocol.HeaderLength)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(_rest);
        if (length < NetlinkProtocol.HeaderLength || length > (uint)_rest.Length)
        {
            _rest = default;
            return false;
        }

        header = new NetlinkHeader(
            BinaryPrimitives.ReadUInt16LittleEndian(_rest[4..]),
            BinaryPrimitives.ReadUInt16LittleEndian(_rest[6..]),
            BinaryPrimitives.ReadUInt32LittleEndian(_rest[8..])) { Port = BinaryPrimitives.ReadUInt32LittleEndian(_rest[12..]) };
        payload = _rest[NetlinkProtocol.HeaderLength..(int)length];
        _rest = _rest[Math.Min(_rest.Length, ((int)length + 3) & ~3)..];
        return true;
    }
}
