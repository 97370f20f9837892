using System.Buffers.Binary;

namespace Appliance.Router.Decoding.Facts;

/// <summary>Reads numbers in network order and counted blocks, one behind the other; false where the bytes end too early.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    /// <summary>What has not been read yet.</summary>
    public ReadOnlySpan<byte> Rest { get; private set; } = bytes;

    public bool TryByte(out byte value)
    {
        var isThere = TryTake(1, out var bytes);
        value = isThere ? bytes[0] : default;
        return isThere;
    }

    public bool TryUInt16(out ushort value)
    {
        var isThere = TryTake(2, out var bytes);
        value = isThere ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : default;
        return isThere;
    }

    public bool TryUInt24(out int value)
    {
        var isThere = TryTake(3, out var bytes);
        value = isThere ? (bytes[0] << 16) | (bytes[1] << 8) | bytes[2] : default;
        return isThere;
    }

    public bool TryUInt32(out uint value)
    {
        var isThere = TryTake(4, out var bytes);
        value = isThere ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : default;
        return isThere;
    }

    public bool TryTake(int count, out ReadOnlySpan<byte> bytes)
    {
        if (count > Rest.Length)
        {
            bytes = default;
            return false;
        }

        bytes = Rest[..count];
        Rest = Rest[count..];
        return true;
    }

    public bool TrySkip(int count) => TryTake(count, out _);

    /// <summary>A block behind its length in one byte.</summary>
    public bool TryBlock8(out ReadOnlySpan<byte> block)
    {
        block = default;
        return TryByte(out var length) && TryTake(length, out block);
    }

    /// <summary>A block behind its length in two bytes.</summary>
    public bool TryBlock16(out ReadOnlySpan<byte> block)
    {
        block = default;
        return TryUInt16(out var length) && TryTake(length, out block);
    }
}
