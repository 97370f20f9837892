using System.Globalization;
using Appliance.Tests.Shared;

namespace Appliance.Image.Tests;

/// <summary>The built image starts in qemu, by U-Boot and the same script that the CM4 has.</summary>
[Trait("Category", "Drill")]
[Collection(BuiltImageShare.Name)]
public sealed class BootTests(BuiltImage built)
{
    private static readonly string Boot = Path.Combine(Checkout.Root, "image/boot");

    [Fact]
    public async Task A_router_boots_and_its_health_answers()
    {
        var run = await BootAsync("--role", "router", "--timeout", "900");

        var seconds = run.Succeeded().TrimEnd().Split('\n')[^1];
        Assert.True(double.TryParse(seconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _), run.All);
    }

    [Fact]
    public async Task A_node_that_does_not_answer_in_time_is_told_with_its_console()
    {
        var run = await BootAsync("--timeout", "1");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("The role router did not answer within 1 s", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slot_that_is_never_marked_good_loses_its_two_tries_and_the_other_one_boots()
    {
        using var folder = new TempFolder();
        var disk = folder.File("disk.img");
        File.Copy(await built.DiskAsync(), disk);
        await DiskParts.CopyAsync(disk, "boot-a", "boot-b");
        var begins = new List<string>();

        for (var start = 0; start < 4; start++)
        {
            begins.Add(await UBoot.StartAsync(Path.Combine(built.Folder, "u-boot.bin"), disk));
        }

        Assert.Equal(["slot A, tries left A=1 B=2", "slot A, tries left A=0 B=2", "slot B, tries left A=0 B=1", "slot B, tries left A=0 B=0"], begins);
    }

    [Fact]
    public async Task What_U_Boot_wrote_is_read_and_written_by_the_nodes_own_tools()
    {
        using var folder = new TempFolder();
        var disk = folder.File("disk.img");
        File.Copy(await built.DiskAsync(), disk);
        await DiskParts.CopyAsync(disk, "boot-a", "boot-b");
        var settings = folder.File("fw_env.config");
        await File.WriteAllTextAsync(settings, $"{disk} 0x{(await DiskParts.ReadAsync(disk))["env"].Offset:x} 0x1000\n", TestContext.Current.CancellationToken);
        await UBoot.StartAsync(Path.Combine(built.Folder, "u-boot.bin"), disk);

        var left = (await Tool.RunAsync("fw_printenv", "-c", settings, "BOOT_ORDER", "BOOT_A_LEFT", "BOOT_B_LEFT")).Succeeded();
        (await Tool.RunAsync("fw_setenv", "-c", settings, "BOOT_ORDER", "B A")).Succeeded();
        var next = await UBoot.StartAsync(Path.Combine(built.Folder, "u-boot.bin"), disk);

        Assert.Equal("BOOT_ORDER=A B\nBOOT_A_LEFT=1\nBOOT_B_LEFT=2\n", left);
        Assert.Equal("slot B, tries left A=1 B=1", next);
    }

    [Fact]
    public async Task An_environment_that_a_power_cut_tore_is_taken_from_its_second_copy()
    {
        using var folder = new TempFolder();
        var disk = folder.File("disk.img");
        File.Copy(await built.DiskAsync(), disk);
        await UBoot.StartAsync(Path.Combine(built.Folder, "u-boot.bin"), disk);
        var place = (await DiskParts.ReadAsync(disk))["env"].Offset;
        await using (var stream = new FileStream(disk, FileMode.Open, FileAccess.Write))
        {
            stream.Position = place + 100;
            stream.Write(new byte[412]);
            stream.Position = place;
            stream.WriteByte(0xFF);
        }

        var next = await UBoot.StartAsync(Path.Combine(built.Folder, "u-boot.bin"), disk);

        Assert.Equal("slot A, tries left A=0 B=2", next);
    }

    private Task<Tool.Result> BootAsync(params string[] options)
        => Tool.RunAsync(TimeSpan.FromMinutes(16), new Dictionary<string, string>(), Boot, [built.Folder, .. options]);
}
