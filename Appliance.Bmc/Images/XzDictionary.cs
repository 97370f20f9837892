namespace Appliance.Bmc.Images;

/// <summary>Reads how much memory an .xz file asks for, from the header of its first block (.xz file format 1.2, section 3.1).</summary>
internal static class XzDictionary
{
    // Of `xz -9`; the format allows 4 GiB, and the reader takes it all at once.
    private const long Largest = 64 * 1024 * 1024;
    private const int StreamHeaderBytes = 12;
    private const int HasCompressedSize = 0x40;
    private const int HasUncompressedSize = 0x80;
    private const int FilterCount = 0x03;
    private const ulong Lzma2 = 0x21;

    /// <summary>Null when it is within bounds.</summary>
    public static string? Fault(ReadOnlySpan<byte> head)
    {
        if (!TryRead(head, out var bytes))
        {
            return "the xz file has no block that can be read, or another filter than LZMA2; compress it with plain `xz`";
        }

        return bytes <= Largest ? null : $"the xz file asks for {bytes >> 20} MiB of memory, {Largest >> 20} MiB are the most (xz -9)";
    }

    private static bool TryRead(ReadOnlySpan<byte> head, out long bytes)
    {
        bytes = 0;
        var at = StreamHeaderBytes;
        if (head.Length < at + 2 || head[at] == 0)
        {
            return false;
        }

        var flags = head[at + 1];
        at += 2;
        if (((flags & HasCompressedSize) != 0 && !TryNumber(head, ref at, out _))
            || ((flags & HasUncompressedSize) != 0 && !TryNumber(head, ref at, out _))
            || (flags & FilterCount) != 0
            || !TryNumber(head, ref at, out var filter)
            || filter != Lzma2
            || !TryNumber(head, ref at, out var properties)
            || properties != 1
            || at >= head.Length)
        {
            return false;
        }

        // Section 5.3.1: two bits of mantissa, the rest an exponent; 40 means 4 GiB - 1.
        var bits = head[at] & 0x3F;
        bytes = bits >= 40 ? uint.MaxValue : (2L | (bits & 1)) << ((bits / 2) + 11);
        return true;
    }

    // Section 1.2: seven bits a byte, the lowest first.
    private static bool TryNumber(ReadOnlySpan<byte> head, ref int at, out ulong number)
    {
        number = 0;
        for (var shift = 0; shift < 63 && at < head.Length; shift += 7)
        {
            var part = head[at++];
            number |= (ulong)(part & 0x7F) << shift;
            if ((part & 0x80) == 0)
            {
                return true;
            }
        }

        return false;
    }
}
