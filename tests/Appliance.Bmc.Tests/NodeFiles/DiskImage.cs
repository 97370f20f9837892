using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Appliance.Tests.Shared;

namespace Appliance.Bmc.Tests.NodeFiles;

/// <summary>A disk image as image tools make it: sfdisk for its table, mkfs.vfat and mtools for its boot configuration.</summary>
internal sealed class DiskImage : IDisposable
{
    public const int PlaceholderBytes = 64 * 1024;
    public const string Version = "1.2.3";

    private const int StartSector = 2048;

    private readonly TempFolder _folder = new();

    private DiskImage()
    {
    }

    public string Path => _folder.File("disk.img");

    public byte[] Bytes => File.ReadAllBytes(Path);

    /// <summary>A file system without a node file's place.</summary>
    /// <param name="bits">16 or 32.</param>
    /// <param name="label">The partition's name.</param>
    public static async Task<DiskImage> BareAsync(int bits = 16, string label = "bootconfig")
    {
        var image = new DiskImage();
        var kib = bits == 16 ? 8 * 1024 : 40 * 1024;
        await using (var file = File.Create(image.Path))
        {
            file.SetLength((kib + 3072) * 1024L);
        }

        var table = $"label: gpt\nstart={StartSector}, size={kib * 2}, name={label}\nstart={StartSector + (kib * 2)}, size=2048, name=env\n";
        await RunAsync("sfdisk", ["-q", image.Path], table);
        await RunAsync("mkfs.vfat", ["-F", $"{bits}", "-s", "1", "--offset", $"{StartSector}", image.Path, kib.ToString(CultureInfo.InvariantCulture)]);
        await image.AddAsync("CONFIG.TXT", 2000);
        return image;
    }

    public static async Task<DiskImage> WithPlaceholderAsync(int bits = 16)
    {
        var image = await BareAsync(bits);
        await image.AddAsync("NODE.JSN", PlaceholderBytes);
        return image;
    }

    /// <summary>With the line by which a simulated module knows what it boots, where no partition lies.</summary>
    public byte[] Labelled()
    {
        var bytes = Bytes;
        Encoding.ASCII.GetBytes($"APPLIANCE-IMAGE {Version} router router\n").CopyTo(bytes, 100 * 1024);
        return bytes;
    }

    /// <summary>Puts a file of spaces into the boot configuration.</summary>
    public async Task AddAsync(string name, int length)
    {
        var source = _folder.File(name);
        await File.WriteAllTextAsync(source, new string(' ', length), TestContext.Current.CancellationToken);
        await RunAsync("mcopy", ["-i", Partition(Path), source, $"::{name}"]);
    }

    /// <summary>Puts a U-Boot script into the boot configuration, which U-Boot finds by its name and runs.</summary>
    public async Task AddScriptAsync(string script)
    {
        await File.WriteAllTextAsync(_folder.File("boot.cmd"), script, TestContext.Current.CancellationToken);
        await RunAsync("mkimage", ["-q", "-A", "arm64", "-T", "script", "-C", "none", "-d", _folder.File("boot.cmd"), _folder.File("boot.scr")]);
        await RunAsync("mcopy", ["-i", Partition(Path), _folder.File("boot.scr"), "::boot.scr"]);
    }

    public Task DeleteAsync(string name) => RunAsync("mdel", ["-i", Partition(Path), $"::{name}"]);

    /// <summary>Lets the next file begin in the first free cluster: FAT32 else goes on behind the last one (FSInfo, FAT specification section 5).</summary>
    public void ForgetFreeClusters()
    {
        using var file = File.OpenWrite(Path);
        file.Position = ((StartSector + 1) * 512) + 488;
        file.Write([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
    }

    /// <summary>What other tools find in NODE.JSN of such an image, after they have checked its file system and its table.</summary>
    public async Task<string> ReadNodeFileAsync(byte[] image)
    {
        var path = _folder.File("changed.img");
        await File.WriteAllBytesAsync(path, image, TestContext.Current.CancellationToken);
        await RunAsync("sfdisk", ["-V", path]);
        return await RunAsync("mtype", ["-i", Partition(path), "::NODE.JSN"]);
    }

    public void Dispose() => _folder.Dispose();

    private static string Partition(string path) => $"{path}@@{StartSector * 512}";

    private static async Task<string> RunAsync(string tool, string[] arguments, string input = "")
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(tool, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{tool} is missing; ./test installs it.");
        }

        var (output, errors) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{tool}: {await errors}");
        return await output;
    }
}
