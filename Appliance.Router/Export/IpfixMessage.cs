using System.Buffers.Binary;

namespace Appliance.Router.Export;

/// <summary>One message of a transport session after the other, built in place (RFC 7011, 3).</summary>
internal sealed class IpfixMessage(int maxBytes, uint domain)
{
    public const ushort TemplateSet = 2;
    public const ushort OptionsTemplateSet = 3;
    private const ushort Version = 10;
    private const int HeaderLength = 16;
    private const int SetHeaderLength = 4;

    // Numbers below are those of template sets; a set of data has its template's.
    private const ushort FirstDataSet = 256;

    private readonly byte[] _bytes = new byte[maxBytes];
    private int _used = HeaderLength;
    private int _set;
    private ushort _setId;
    private uint _sequence;
    private uint _records;

    public bool IsEmpty => _used == HeaderLength;

    /// <summary>Adds a record to a set of the given number; false when the message has no room for it.</summary>
    public bool TryAdd(ushort setId, ReadOnlySpan<byte> record)
    {
        var header = setId == _setId ? 0 : SetHeaderLength;
        if (_bytes.Length - _used < header + record.Length)
        {
            return false;
        }

        if (header > 0)
        {
            (_set, _setId) = (_used, setId);
            BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(_set), setId);
        }

        record.CopyTo(_bytes.AsSpan(_used + header));
        _used += header + record.Length;
        BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(_set + 2), (ushort)(_used - _set));
        _records += setId >= FirstDataSet ? 1u : 0u;
        return true;
    }

    /// <summary>The whole message, valid until the next record is added.</summary>
    /// <remarks>The sequence number is that of the data records sent before, modulo 2^32.</remarks>
    public ReadOnlyMemory<byte> Finish(DateTimeOffset exportTime)
    {
        var header = _bytes.AsSpan();
        BinaryPrimitives.WriteUInt16BigEndian(header, Version);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)_used);
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], (uint)exportTime.ToUnixTimeSeconds());
        BinaryPrimitives.WriteUInt32BigEndian(header[8..], _sequence);
        BinaryPrimitives.WriteUInt32BigEndian(header[12..], domain);
        var message = _bytes.AsMemory(0, _used);
        _sequence += _records;
        (_used, _set, _setId, _records) = (HeaderLength, 0, 0, 0);
        return message;
    }
}
