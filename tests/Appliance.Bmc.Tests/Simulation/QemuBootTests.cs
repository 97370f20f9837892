using System.Security.Cryptography;
using System.Text;
using Appliance.Bmc.Flashing;
using Appliance.Bmc.Simulation;
using Appliance.Bmc.Tests.Flashing;
using Appliance.Bmc.Tests.NodeFiles;
using Appliance.Tests.Shared;

namespace Appliance.Bmc.Tests.Simulation;

/// <summary>Modules that boot what is written to them: U-Boot, and a script of the image that it finds there.</summary>
public sealed class QemuBootTests : IDisposable
{
    private const string Greeting = "appliance: image 1.2.3, role router, node node1";

    private readonly TempFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Flashed_module_boots_what_was_written_and_proves_itself_by_it()
    {
        await using var site = await StartAsync();
        await using var life = await site.LiveAsync();
        var disk = await DiskAsync();
        var image = await FlashSite.AddAsync(life, disk, "1.2.3");

        var flash = await life.Desk.StartAsync(FlashSite.Order(image), "alice", Token);
        var (end, _) = await life.EndAsync(flash.Id);

        Assert.Equal((FlashState.Succeeded, $"Its console shows '{Greeting}'."), (end.State, end.Results[0].Proof));
        Assert.Equal(disk, await File.ReadAllBytesAsync(Disk, Token));
    }

    [Fact]
    public async Task Module_runs_while_it_has_power_and_no_longer()
    {
        await using var site = await StartAsync();
        await File.WriteAllBytesAsync(Disk, await DiskAsync(), Token);

        await site.Board.GetAsync("opt=set&type=power&node1=0");
        var off = Running();
        await site.Board.GetAsync("opt=set&type=power&node1=1");
        await UntilPrintedAsync(site, Greeting);
        var on = Running();
        await site.Board.GetAsync("opt=set&type=reset&node=0");
        await UntilPrintedAsync(site, Greeting, times: 2);
        var again = Running();
        await site.Board.GetAsync("opt=set&type=power&node1=0");

        Assert.Equal((0, 1, 1, 0), (off.Count, on.Count, again.Count, Running().Count));
        Assert.NotEqual(on, again);
    }

    [Fact]
    public async Task Typed_line_reaches_the_module_until_it_hangs_and_a_power_cycle_brings_it_back()
    {
        await using var site = await StartAsync();
        await File.WriteAllBytesAsync(Disk, await DiskAsync(), Token);
        await CycleAsync(site);
        await UntilPrintedAsync(site, "=> ");

        await site.Board.GetAsync("opt=set&type=uart&node=0&cmd=echo%20sum-$loadaddr");
        await UntilPrintedAsync(site, "sum-0x");
        site.Board.Board.Hang(1);
        await site.Board.GetAsync("opt=set&type=uart&node=0&cmd=echo%20late-$loadaddr");
        var hung = Printed(site);
        await CycleAsync(site);
        await UntilPrintedAsync(site, Greeting, times: 2);

        Assert.DoesNotContain("late-", hung, StringComparison.Ordinal);
        Assert.DoesNotContain("late-0x", Printed(site), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_flash_boots_no_more()
    {
        await using var site = await StartAsync();
        await File.WriteAllBytesAsync(Disk, await DiskAsync(), Token);

        site.Board.Board.DamageStorage(1);
        await CycleAsync(site);
        await UntilPrintedAsync(site, "=> ");

        Assert.DoesNotContain(Greeting, Printed(site), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Board_that_ends_leaves_no_virtual_machine()
    {
        int before;
        await using (var site = await StartAsync())
        {
            await File.WriteAllBytesAsync(Disk, await DiskAsync(), Token);
            await CycleAsync(site);
            await UntilPrintedAsync(site, "U-Boot");
            before = Running().Count;
        }

        Assert.Equal((1, 0), (before, Running().Count));
    }

    [Fact]
    public async Task Zeros_of_an_image_take_no_space()
    {
        await File.WriteAllBytesAsync(Disk, new byte[] { 1 }, Token);
        var bytes = new byte[10 << 20];
        RandomNumberGenerator.Fill(bytes.AsSpan(5 << 20, 10_000));

        using (var disk = new SlotDisk(Disk, 20 << 20))
        {
            disk.Write(bytes.AsSpan(0, 5_000_001));
            disk.Write(bytes.AsSpan(5_000_001));
        }

        var written = await File.ReadAllBytesAsync(Disk, Token);
        Assert.Equal(20 << 20, written.Length);
        Assert.Equal(bytes, written[..bytes.Length]);
        Assert.InRange(await BlocksAsync(), 1, 200);
    }

    public void Dispose() => _folder.Dispose();

    private string Disk => _folder.File("slot1.img");

    private static string Printed(FlashSite site) => Encoding.UTF8.GetString(site.Board.Board.Hardware.Console(0).Read(consume: false));

    private static async Task UntilPrintedAsync(FlashSite site, string text, int times = 1)
    {
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(Token);
        guard.CancelAfter(TimeSpan.FromMinutes(2));
        while (Printed(site).Split(text).Length <= times)
        {
            // A virtual machine tells nobody that it has printed.
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, guard.Token);
        }
    }

    private static async Task CycleAsync(FlashSite site)
    {
        await site.Board.GetAsync("opt=set&type=power&node1=0");
        await site.Board.GetAsync("opt=set&type=power&node1=1");
    }

    private static async Task<byte[]> DiskAsync()
    {
        using var disk = await DiskImage.BareAsync();
        await disk.AddScriptAsync($"echo \"{Greeting}\"\n");
        return disk.Bytes;
    }

    private async Task<FlashSite> StartAsync()
    {
        var boot = new QemuBoot { Folder = _folder.Path, MemoryMiB = 256, Processors = 1, DiskBytes = 0 };
        try
        {
            var site = await FlashSite.StartAsync(options => options with { Boot = boot });
            await site.Board.LogInAsync();
            site.Options.ProofTime = TimeSpan.FromMinutes(2);
            return site;
        }
        catch (IOException missing) when (missing.Message.Contains("install", StringComparison.Ordinal))
        {
            Assert.Skip(missing.Message);
            throw;
        }
    }

    /// <summary>Processes that hold this board's disk open.</summary>
    private List<int> Running()
    {
        List<int> found = [];
        foreach (var process in Directory.GetDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
        {
            try
            {
                if (File.ReadAllText($"{process}/cmdline").Contains($"file={Disk}", StringComparison.Ordinal))
                {
                    found.Add(int.Parse(Path.GetFileName(process), System.Globalization.CultureInfo.InvariantCulture));
                }
            }
            catch (IOException)
            {
                // It has just ended.
            }
        }

        return found;
    }

    private async Task<long> BlocksAsync()
    {
        using var stat = new System.Diagnostics.Process { StartInfo = new("stat", ["-c", "%b", Disk]) { UseShellExecute = false, RedirectStandardOutput = true } };
        stat.Start();
        return long.Parse(await stat.StandardOutput.ReadToEndAsync(Token), System.Globalization.CultureInfo.InvariantCulture);
    }
}
