using System.Buffers.Binary;

namespace Appliance.Router.Capture;

/// <summary>An interface description block of a pcapng section: link type and how its time stamps count.</summary>
internal readonly record struct PcapngInterface(LinkType Link, uint SnapLength, byte Resolution, long OffsetSeconds)
{
    // Later than 2116, and far enough from the end of the range that adding time-outs cannot overflow.
    private const long LatestTime = long.MaxValue / 2;
    private const ushort ResolutionOption = 9;
    private const ushort OffsetOption = 14;
    private const byte Microseconds = 6;
    private const byte Nanoseconds = 9;

    /// <summary>Reads the body of the block, which the caller has found to hold at least 8 bytes.</summary>
    public static PcapngInterface Read(ReadOnlySpan<byte> body, bool isBigEndian)
    {
        var link = LinkTypes.From(ReadUInt16(body, isBigEndian));
        var snapLength = isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(body[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(body[4..]);
        var resolution = Microseconds;
        var offset = 0L;
        for (var options = body[8..]; options.Length >= 4;)
        {
            var code = ReadUInt16(options, isBigEndian);
            var length = ReadUInt16(options[2..], isBigEndian);
            if (code == 0 || 4 + length > options.Length)
            {
                break;
            }

            var value = options.Slice(4, length);
            if (code == ResolutionOption && length == 1)
            {
                resolution = value[0];
            }
            else if (code == OffsetOption && length == 8)
            {
                offset = isBigEndian ? BinaryPrimitives.ReadInt64BigEndian(value) : BinaryPrimitives.ReadInt64LittleEndian(value);
            }

            options = options[Math.Min(options.Length, 4 + ((length + 3) & ~3))..];
        }

        return new(link, snapLength, resolution, offset);
    }

    /// <summary>Nanoseconds since 1970 of a time stamp; what lies outside the range is moved to its edge.</summary>
    public long ToTime(ulong ticks)
    {
        if (OffsetSeconds == 0 && ticks < LatestTime / 1000)
        {
            switch (Resolution)
            {
                case Microseconds: return (long)ticks * 1000;
                case Nanoseconds: return (long)ticks;
            }
        }

        var time = (Int128)ToNanoseconds(ticks) + ((Int128)OffsetSeconds * 1_000_000_000);
        return (long)Int128.Clamp(time, 0, LatestTime);
    }

    // if_tsresol: the top bit chooses powers of two, the rest is the negative exponent (draft-ietf-opsawg-pcapng, 4.2).
    private UInt128 ToNanoseconds(ulong ticks)
    {
        var exponent = Resolution & 0x7f;
        if ((Resolution & 0x80) != 0)
        {
            return ((UInt128)ticks * 1_000_000_000) >> exponent;
        }

        UInt128 time = ticks;
        for (; exponent < Nanoseconds; exponent++)
        {
            time *= 10;
        }

        for (; exponent > Nanoseconds && time != 0; exponent--)
        {
            time /= 10;
        }

        return time;
    }

    private static ushort ReadUInt16(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
