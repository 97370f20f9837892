using System.Buffers.Binary;

namespace Appliance.Router.Tests.Capture;

/// <summary>Capture files made by hand.</summary>
internal static class CaptureBytes
{
    public const uint Microseconds = 0xa1b2c3d4;
    public const uint Nanoseconds = 0xa1b23c4d;

    public static byte[] ClassicHeader(uint magic = Microseconds, bool bigEndian = false, uint link = 1) =>
        [.. U32(magic, bigEndian), .. U16(2, bigEndian), .. U16(4, bigEndian), .. new byte[8], .. U32(262_144, bigEndian), .. U32(link, bigEndian)];

    public static byte[] Record(byte[] frame, uint seconds = 0, uint fraction = 0, bool bigEndian = false, uint? captured = null, uint? original = null) =>
    [
        .. U32(seconds, bigEndian), .. U32(fraction, bigEndian),
        .. U32(captured ?? (uint)frame.Length, bigEndian), .. U32(original ?? (uint)frame.Length, bigEndian), .. frame,
    ];

    public static byte[] Classic(params byte[][] frames) =>
        [.. ClassicHeader(), .. frames.SelectMany((frame, i) => Record(frame, seconds: (uint)i + 1))];

    public static byte[] Section(bool bigEndian = false) =>
        Block(0x0a0d0d0a, [.. U32(0x1a2b3c4d, bigEndian), .. U16(1, bigEndian), .. U16(0, bigEndian), .. U64(ulong.MaxValue, bigEndian)], bigEndian);

    public static byte[] Interface(bool bigEndian = false, ushort link = 1, uint snapLength = 0, byte[]? options = null) =>
        Block(1, [.. U16(link, bigEndian), .. U16(0, bigEndian), .. U32(snapLength, bigEndian), .. options ?? []], bigEndian);

    public static byte[] Option(ushort code, byte[] value, bool bigEndian = false) =>
        [.. U16(code, bigEndian), .. U16((ushort)value.Length, bigEndian), .. Padded(value)];

    public static byte[] Enhanced(byte[] frame, ulong ticks = 0, uint number = 0, bool bigEndian = false, uint? captured = null, uint? original = null) =>
        Block(6, [.. U32(number, bigEndian), .. Stamp(ticks, bigEndian), .. Lengths(frame, captured, original, bigEndian), .. Padded(frame)], bigEndian);

    public static byte[] Obsolete(byte[] frame, ulong ticks = 0, ushort number = 0, bool bigEndian = false) =>
        Block(2, [.. U16(number, bigEndian), .. U16(0, bigEndian), .. Stamp(ticks, bigEndian), .. Lengths(frame, null, null, bigEndian), .. Padded(frame)], bigEndian);

    public static byte[] Simple(byte[] frame, uint original, bool bigEndian = false) => Block(3, [.. U32(original, bigEndian), .. Padded(frame)], bigEndian);

    public static byte[] Block(uint type, byte[] body, bool bigEndian = false)
    {
        var length = U32((uint)body.Length + 12, bigEndian);
        return [.. U32(type, bigEndian), .. length, .. body, .. length];
    }

    public static byte[] U16(ushort value, bool bigEndian = false) =>
        BitConverter.GetBytes(bigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    public static byte[] U32(uint value, bool bigEndian = false) =>
        BitConverter.GetBytes(bigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    public static byte[] U64(ulong value, bool bigEndian = false) =>
        BitConverter.GetBytes(bigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    private static byte[] Stamp(ulong ticks, bool bigEndian) => [.. U32((uint)(ticks >> 32), bigEndian), .. U32((uint)ticks, bigEndian)];

    private static byte[] Lengths(byte[] frame, uint? captured, uint? original, bool bigEndian) =>
        [.. U32(captured ?? (uint)frame.Length, bigEndian), .. U32(original ?? (uint)frame.Length, bigEndian)];

    private static byte[] Padded(byte[] value) => [.. value, .. new byte[(4 - (value.Length % 4)) % 4]];
}
