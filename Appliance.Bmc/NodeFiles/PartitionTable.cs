using System.Buffers.Binary;
using System.Text;

namespace Appliance.Bmc.NodeFiles;

/// <summary>Reads a GUID partition table from the beginning of an image (UEFI 2.10 section 5.3), whatever bytes stand there.</summary>
internal static class PartitionTable
{
    public const int SectorBytes = 512;

    private const int EntryHeadBytes = 128;
    private const int LargestEntry = 4096;
    private const int NameAt = 56;
    private const int NameBytes = 72;

    // 128 entries of 128 bytes are what tools write.
    private const int MostEntries = 1024;
    private const int MostTableBytes = 1 << 20;

    // Ends of 1 PiB, so that no product of sectors overflows.
    private const ulong MostSectors = 1UL << 41;

    private static ReadOnlySpan<byte> Signature => "EFI PART"u8;

    public static Look<IReadOnlyList<Partition>> Read(ReadOnlySpan<byte> head)
    {
        if (head.Length < 2 * SectorBytes)
        {
            return Look<IReadOnlyList<Partition>>.More(2 * SectorBytes);
        }

        var header = head.Slice(SectorBytes, SectorBytes);
        if (HeaderFault(header) is { } fault)
        {
            return Look<IReadOnlyList<Partition>>.Not(fault);
        }

        var start = (long)BinaryPrimitives.ReadUInt64LittleEndian(header[72..]) * SectorBytes;
        var (count, size) = (BinaryPrimitives.ReadInt32LittleEndian(header[80..]), BinaryPrimitives.ReadInt32LittleEndian(header[84..]));
        var end = start + ((long)count * size);
        if (head.Length < end)
        {
            return Look<IReadOnlyList<Partition>>.More(end);
        }

        var table = head[(int)start..(int)end];
        return Crc32.Append(0, table) == BinaryPrimitives.ReadUInt32LittleEndian(header[88..])
            ? Entries(table, size, BinaryPrimitives.ReadUInt64LittleEndian(header[40..]), BinaryPrimitives.ReadUInt64LittleEndian(header[48..]))
            : Look<IReadOnlyList<Partition>>.Not("the entries of its partition table do not match their checksum");
    }

    private static string? HeaderFault(ReadOnlySpan<byte> header)
    {
        if (!header.StartsWith(Signature))
        {
            return "it has no GUID partition table for sectors of 512 bytes";
        }

        var size = BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
        if (size is < 92 or > SectorBytes || HeaderCrc(header[..(int)size]) != BinaryPrimitives.ReadUInt32LittleEndian(header[16..]))
        {
            return "the header of its partition table does not match its checksum";
        }

        var entriesAt = BinaryPrimitives.ReadUInt64LittleEndian(header[72..]);
        var (count, entry) = (BinaryPrimitives.ReadUInt32LittleEndian(header[80..]), BinaryPrimitives.ReadUInt32LittleEndian(header[84..]));
        var isInBounds = BinaryPrimitives.ReadUInt64LittleEndian(header[24..]) == 1
            && entriesAt is >= 2 and < MostTableBytes / SectorBytes
            && count is > 0 and <= MostEntries
            && entry is >= EntryHeadBytes and <= LargestEntry && entry % EntryHeadBytes == 0
            && (ulong)count * entry <= MostTableBytes
            && BinaryPrimitives.ReadUInt64LittleEndian(header[48..]) < MostSectors;
        return isInBounds ? null : "the header of its partition table has values out of all bounds";
    }

    // Over the header with its own field as zero.
    private static uint HeaderCrc(ReadOnlySpan<byte> header)
    {
        var crc = Crc32.Append(0, header[..16]);
        crc = Crc32.Append(crc, [0, 0, 0, 0]);
        return Crc32.Append(crc, header[20..]);
    }

    private static Look<IReadOnlyList<Partition>> Entries(ReadOnlySpan<byte> table, int size, ulong firstUsable, ulong lastUsable)
    {
        List<Partition> found = [];
        for (var at = 0; at < table.Length; at += size)
        {
            var entry = table.Slice(at, EntryHeadBytes);
            if (!entry[..16].ContainsAnyExcept((byte)0))
            {
                continue;
            }

            var (first, last) = (BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]), BinaryPrimitives.ReadUInt64LittleEndian(entry[40..]));
            if (first < firstUsable || last > lastUsable || first > last)
            {
                return Look<IReadOnlyList<Partition>>.Not($"partition {(at / size) + 1} of its table lies outside of the disk");
            }

            found.Add(new Partition(Name(entry.Slice(NameAt, NameBytes)), new ByteRange((long)first * SectorBytes, (long)(last - first + 1) * SectorBytes)));
        }

        return Look<IReadOnlyList<Partition>>.Found(found);
    }

    private static string Name(ReadOnlySpan<byte> utf16)
    {
        var name = Encoding.Unicode.GetString(utf16);
        var end = name.IndexOf('\0', StringComparison.Ordinal);
        return end < 0 ? name : name[..end];
    }
}
