using System.Text.Json;

namespace Appliance.Image.Tests;

/// <summary>Partitions of a disk image, read and written by their labels.</summary>
internal static class DiskParts
{
    private const int SectorBytes = 512;

    public static async Task<IReadOnlyDictionary<string, (long Offset, long Length)>> ReadAsync(string disk)
    {
        var table = JsonDocument.Parse((await Tool.RunAsync("sfdisk", "-J", disk)).Succeeded());
        return table.RootElement.GetProperty("partitiontable").GetProperty("partitions").EnumerateArray().ToDictionary(
            part => part.GetProperty("name").GetString()!,
            part => (part.GetProperty("start").GetInt64() * SectorBytes, part.GetProperty("size").GetInt64() * SectorBytes));
    }

    public static async Task CopyAsync(string disk, string from, string to)
    {
        var parts = await ReadAsync(disk);
        await using var source = File.OpenRead(disk);
        await using var target = new FileStream(disk, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        source.Position = parts[from].Offset;
        target.Position = parts[to].Offset;
        var block = new byte[1 << 20];
        for (var left = parts[from].Length; left > 0; left -= block.Length)
        {
            await source.ReadExactlyAsync(block);
            await target.WriteAsync(block);
        }
    }

    /// <summary>Partition and place in it of the first byte that differs; null where the disks are the same.</summary>
    public static async Task<string?> FirstDifferenceAsync(string first, string second)
    {
        var compared = await Tool.RunAsync("cmp", first, second);
        if (compared.ExitCode == 0)
        {
            return null;
        }

        // "A B differ: byte N, line M", counted from 1.
        var words = compared.Output.Split(' ', ',');
        if (!long.TryParse(words.SkipWhile(word => word is not "byte").ElementAtOrDefault(1), out var place))
        {
            return compared.All;
        }

        var part = (await ReadAsync(first)).FirstOrDefault(part => part.Value.Offset < place && place <= part.Value.Offset + part.Value.Length);
        return part.Key is null ? $"byte {place - 1} of the disk, outside all partitions" : $"byte {place - 1 - part.Value.Offset} of partition {part.Key}";
    }
}
