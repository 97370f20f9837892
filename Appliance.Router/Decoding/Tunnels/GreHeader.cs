using Appliance.Router.Decoding.Facts;

namespace Appliance.Router.Decoding.Tunnels;

/// <summary>GRE version 0 (RFC 2784) with key and sequence number (RFC 2890).</summary>
internal readonly record struct GreHeader(ushort Type, uint Key, int Length)
{
    private const ushort HasChecksum = 0x8000;
    private const ushort HasKey = 0x2000;
    private const ushort HasSequence = 0x1000;

    // Routing (RFC 1701) is long deprecated; version 1 is PPTP's.
    private const ushort Unknown = 0x4007;

    public static bool TryRead(ReadOnlySpan<byte> bytes, out GreHeader header)
    {
        header = default;
        var reader = new ByteReader(bytes);
        if (!reader.TryUInt16(out var flags) || !reader.TryUInt16(out var type) || (flags & Unknown) != 0 || ((flags & HasChecksum) != 0 && !reader.TrySkip(sizeof(uint))))
        {
            return false;
        }

        uint key = 0;
        if (((flags & HasKey) != 0 && !reader.TryUInt32(out key)) || ((flags & HasSequence) != 0 && !reader.TrySkip(sizeof(uint))))
        {
            return false;
        }

        header = new(type, key, bytes.Length - reader.Rest.Length);
        return true;
    }
}
