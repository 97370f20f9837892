using Appliance.Tests.Shared;

namespace Appliance.Image.Tests;

/// <summary>The variables in the partition `env` of a disk, by the tools that a node has and with the settings in its root.</summary>
internal sealed class SlotVariables
{
    private const string Device = "/dev/disk/by-partlabel/env";

    // In U-Boot's format for two copies: CRC, the number that counts writes, variables.
    private const int NumberOffset = 4;

    private readonly string _disk;

    private readonly TempFolder _folder;

    private readonly string _settings;

    private readonly (long Offset, int Length)[] _copies;

    private SlotVariables(string disk, TempFolder folder, string settings, (long Offset, int Length)[] copies)
    {
        _disk = disk;
        _folder = folder;
        _settings = settings;
        _copies = copies;
    }

    public static async Task<SlotVariables> OfAsync(string disk, TempFolder folder)
    {
        var parts = await DiskParts.ReadAsync(disk);
        var shipped = (await Tool.RunAsync("unsquashfs", "-o", $"{parts["root-a"].Offset}", "-cat", disk, "etc/fw_env.config")).Succeeded();
        var copies = shipped.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).ToArray();
        Assert.All(copies, words => Assert.Equal(Device, words[0]));
        (long Offset, int Length)[] places = [.. copies.Select(words => (parts["env"].Offset + Convert.ToInt64(words[1], 16), Convert.ToInt32(words[2], 16)))];
        var settings = folder.File("fw_env.config");
        await File.WriteAllLinesAsync(settings, places.Select(place => $"{disk} 0x{place.Item1:x} 0x{place.Item2:x}"));
        return new SlotVariables(disk, folder, settings, places);
    }

    public async Task<string> ReadAsync() => (await Tool.RunAsync("fw_printenv", "-c", _settings, "BOOT_ORDER", "BOOT_A_LEFT", "BOOT_B_LEFT")).Succeeded();

    public async Task WriteAsync(string name, string value) => (await Tool.RunAsync("fw_setenv", "-c", _settings, name, value)).Succeeded();

    /// <summary>Replaces a copy.</summary>
    public async Task PutAsync(int copy, string order, byte number)
    {
        var (text, image) = (_folder.File("variables"), _folder.File("copy"));
        await File.WriteAllTextAsync(text, $"BOOT_ORDER={order}\nBOOT_A_LEFT=2\nBOOT_B_LEFT=2\n");
        (await Tool.RunAsync("mkenvimage", "-r", "-s", $"{_copies[copy].Length}", "-p", "0", "-o", image, text)).Succeeded();
        var bytes = await File.ReadAllBytesAsync(image);
        bytes[NumberOffset] = number;
        Write(_copies[copy].Offset, bytes);
    }

    /// <summary>As if the power had gone after the first of its sectors was written.</summary>
    public void TearNewest()
    {
        var (offset, length) = _copies.MaxBy(copy => Read(copy.Offset + NumberOffset));
        Write(offset + 20, new byte[length - 20]);
    }

    private int Read(long offset)
    {
        using var disk = File.OpenRead(_disk);
        disk.Position = offset;
        return disk.ReadByte();
    }

    private void Write(long offset, byte[] bytes)
    {
        using var disk = new FileStream(_disk, FileMode.Open, FileAccess.Write);
        disk.Position = offset;
        disk.Write(bytes);
    }
}
