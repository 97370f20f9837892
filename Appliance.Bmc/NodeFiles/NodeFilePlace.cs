using System.Buffers.Binary;

namespace Appliance.Bmc.NodeFiles;

/// <summary>
/// Finds the node file's place in a raw image: partition `bootconfig`, file NODE.JSN in its root, 64 KiB in one piece. So a
/// node file is laid over it without a change to any structure of the file system.
/// </summary>
internal static class NodeFilePlace
{
    public const int Bytes = 64 * 1024;
    public const string PartitionName = "bootconfig";

    private const string FileName = "NODE.JSN";
    private const int EntryBytes = 32;

    // A directory has at most 65 536 entries (FAT specification section 6.1); one that goes in circles has more.
    private const int MostRootBytes = 65_536 * EntryBytes;
    private const byte VolumeOrFolder = 0x18;

    private static ReadOnlySpan<byte> ShortName => "NODE    JSN"u8;

    /// <summary>The file's bytes in the image.</summary>
    public static Look<ByteRange> Find(ReadOnlySpan<byte> head)
    {
        var table = PartitionTable.Read(head);
        if (table.Value is not { } partitions)
        {
            return table.As<ByteRange>();
        }

        var named = partitions.Where(partition => partition.Name == PartitionName).Take(2).ToList();
        if (named.Count != 1)
        {
            return Look<ByteRange>.Not(named.Count == 0 ? $"it has no partition called {PartitionName}" : $"two of its partitions are called {PartitionName}");
        }

        var volume = FatVolume.Read(head, named[0].Range);
        return volume.Value is null ? volume.As<ByteRange>() : Find(head, volume.Value);
    }

    private static Look<ByteRange> Find(ReadOnlySpan<byte> head, FatVolume volume) =>
        volume.Root is { } root ? InRoot(head, volume, root) : InChain(head, volume);

    private static Look<ByteRange> InRoot(ReadOnlySpan<byte> head, FatVolume volume, ByteRange root) =>
        head.Length < root.End
            ? Look<ByteRange>.More(root.End)
            : Entry(head.Slice((int)root.Start, (int)root.Length), out var entry) == Search.Found ? Chain(head, volume, entry) : Missing();

    private static Look<ByteRange> InChain(ReadOnlySpan<byte> head, FatVolume volume)
    {
        var cluster = volume.RootCluster;
        for (var seen = 0L; seen < MostRootBytes; seen += volume.ClusterBytes)
        {
            if (volume.Cluster(cluster) is not { } range)
            {
                break;
            }

            var link = volume.Next(cluster);
            if (head.Length < Math.Max(range.End, link.End))
            {
                return Look<ByteRange>.More(Math.Max(range.End, link.End));
            }

            var search = Entry(head.Slice((int)range.Start, (int)range.Length), out var entry);
            if (search == Search.Found)
            {
                return Chain(head, volume, entry);
            }

            if (search == Search.End || volume.Next(head.Slice((int)link.Start, (int)link.Length)) is not { } next)
            {
                return Missing();
            }

            cluster = next;
        }

        return Look<ByteRange>.Not("the root directory of its boot configuration is damaged");
    }

    private static Search Entry(ReadOnlySpan<byte> folder, out ReadOnlySpan<byte> entry)
    {
        for (var at = 0; at + EntryBytes <= folder.Length; at += EntryBytes)
        {
            entry = folder.Slice(at, EntryBytes);
            if (entry[0] == 0)
            {
                return Search.End;
            }

            // Parts of long names are marked as volumes too.
            if (entry.StartsWith(ShortName) && (entry[11] & VolumeOrFolder) == 0)
            {
                return Search.Found;
            }
        }

        entry = default;
        return Search.GoOn;
    }

    private static Look<ByteRange> Chain(ReadOnlySpan<byte> head, FatVolume volume, ReadOnlySpan<byte> entry)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(entry[28..]) is var size and not Bytes)
        {
            return Look<ByteRange>.Not($"its {FileName} has {size} bytes, not the {Bytes} that are kept free for a node file");
        }

        var first = BinaryPrimitives.ReadUInt16LittleEndian(entry[26..]) | (volume.Root is null ? (uint)BinaryPrimitives.ReadUInt16LittleEndian(entry[20..]) << 16 : 0);
        var last = first + ((uint)(Bytes / volume.ClusterBytes) - 1);
        if (volume.Cluster(first) is not { } start || last < first || volume.Cluster(last) is null)
        {
            return Look<ByteRange>.Not($"its {FileName} lies outside of its file system");
        }

        if (head.Length < volume.Next(last).End)
        {
            return Look<ByteRange>.More(volume.Next(last).End);
        }

        for (var cluster = first; cluster <= last; cluster++)
        {
            var link = volume.Next(cluster);
            if (volume.Next(head.Slice((int)link.Start, (int)link.Length)) != (cluster == last ? null : cluster + 1))
            {
                return Look<ByteRange>.Not($"its {FileName} is not in one piece");
            }
        }

        return Look<ByteRange>.Found(new ByteRange(start.Start, Bytes));
    }

    private static Look<ByteRange> Missing() => Look<ByteRange>.Not($"its boot configuration has no file {FileName} to be replaced");

    private enum Search
    {
        GoOn,
        End,
        Found,
    }
}
