using System.Buffers.Binary;

namespace Appliance.Bmc.NodeFiles;

/// <summary>Where the parts of a FAT16 or FAT32 volume lie in the image (Microsoft's FAT specification of 2005, sections 3 to 6).</summary>
/// <param name="Table">The first of its allocation tables.</param>
/// <param name="Root">The fixed root directory of FAT16; null for FAT32.</param>
/// <param name="RootCluster">First cluster of FAT32's root directory.</param>
/// <param name="Clusters">All clusters, from the one that is called 2 on.</param>
/// <param name="ClusterBytes">512 to 64 KiB.</param>
internal sealed record FatVolume(ByteRange Table, ByteRange? Root, uint RootCluster, ByteRange Clusters, int ClusterBytes)
{
    private const uint FirstCluster = 2;
    private const int EntryBytes = 32;

    // Fewer are FAT12 (the specification's own limit, which Linux and mtools go by too).
    private const long LeastFat16 = 4085;

    // Of table and root: what is needed of a volume of 2 GiB.
    private const uint MostTableSectors = 16 * 1024;

    private bool IsFat32 => Root is null;

    public static Look<FatVolume> Read(ReadOnlySpan<byte> head, ByteRange partition)
    {
        if (head.Length < partition.Start + PartitionTable.SectorBytes)
        {
            return Look<FatVolume>.More(partition.Start + PartitionTable.SectorBytes);
        }

        var boot = head.Slice((int)partition.Start, PartitionTable.SectorBytes);
        if (boot[510] != 0x55 || boot[511] != 0xAA || BinaryPrimitives.ReadUInt16LittleEndian(boot[11..]) != PartitionTable.SectorBytes)
        {
            return Look<FatVolume>.Not("its boot configuration is no FAT file system with sectors of 512 bytes");
        }

        return Parts(boot, partition) is { } volume ? Look<FatVolume>.Found(volume) : Look<FatVolume>.Not("its boot configuration is no FAT16 or FAT32 file system that fits into its partition");
    }

    /// <summary>The bytes of a cluster; null where there is no such cluster.</summary>
    public ByteRange? Cluster(uint number)
    {
        var start = (number - (long)FirstCluster) * ClusterBytes;
        return number < FirstCluster || start + ClusterBytes > Clusters.Length ? null : new ByteRange(Clusters.Start + start, ClusterBytes);
    }

    /// <summary>Where the number of the cluster after that one stands.</summary>
    public ByteRange Next(uint number) => IsFat32 ? new ByteRange(Table.Start + (number * 4L), 4) : new ByteRange(Table.Start + (number * 2L), 2);

    /// <summary>The cluster after, from its place in the table; null at the end of a chain.</summary>
    public uint? Next(ReadOnlySpan<byte> entry)
    {
        // The upper four bits of FAT32 are no part of the number (section 4.1).
        var next = IsFat32 ? BinaryPrimitives.ReadUInt32LittleEndian(entry) & 0x0FFF_FFFF : BinaryPrimitives.ReadUInt16LittleEndian(entry);
        return next >= (IsFat32 ? 0x0FFF_FFF8u : 0xFFF8u) ? null : next;
    }

    private static FatVolume? Parts(ReadOnlySpan<byte> boot, ByteRange partition)
    {
        var (perCluster, reserved, tables) = (boot[13], BinaryPrimitives.ReadUInt16LittleEndian(boot[14..]), boot[16]);
        var rootSectors = ((BinaryPrimitives.ReadUInt16LittleEndian(boot[17..]) * EntryBytes) + PartitionTable.SectorBytes - 1) / PartitionTable.SectorBytes;
        var total = BinaryPrimitives.ReadUInt16LittleEndian(boot[19..]) is > 0 and var few ? few : BinaryPrimitives.ReadUInt32LittleEndian(boot[32..]);
        var isFat32 = BinaryPrimitives.ReadUInt16LittleEndian(boot[22..]) == 0;
        var tableSectors = isFat32 ? BinaryPrimitives.ReadUInt32LittleEndian(boot[36..]) : BinaryPrimitives.ReadUInt16LittleEndian(boot[22..]);
        if (!byte.IsPow2(perCluster) || perCluster == 0 || reserved == 0 || tables is not (1 or 2) || tableSectors is 0 or > MostTableSectors
            || isFat32 != (rootSectors == 0) || total * (long)PartitionTable.SectorBytes > partition.Length)
        {
            return null;
        }

        var before = reserved + (tables * (long)tableSectors) + rootSectors;
        var clusters = (total - before) / perCluster;
        if (clusters < 1 || (!isFat32 && clusters < LeastFat16) || (clusters + FirstCluster) * (isFat32 ? 4 : 2) > tableSectors * (long)PartitionTable.SectorBytes)
        {
            return null;
        }

        ByteRange Part(long sector, long sectors) => new(partition.Start + (sector * PartitionTable.SectorBytes), sectors * PartitionTable.SectorBytes);
        return new FatVolume(
            Part(reserved, tableSectors),
            isFat32 ? null : Part(before - rootSectors, rootSectors),
            isFat32 ? BinaryPrimitives.ReadUInt32LittleEndian(boot[44..]) : 0,
            Part(before, clusters * perCluster),
            perCluster * PartitionTable.SectorBytes);
    }
}
