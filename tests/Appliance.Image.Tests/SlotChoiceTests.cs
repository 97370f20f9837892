using Appliance.Tests.Shared;

namespace Appliance.Image.Tests;

/// <summary>U-Boot chooses a slot, counts the try, and keeps its variables where the node's own tools read and write them.</summary>
[Collection(BuiltImageShare.Name)]
public sealed class SlotChoiceTests(BuiltImage built)
{
    private string Firmware => Path.Combine(built.Folder, "u-boot.bin");

    [Fact]
    public async Task A_slot_that_is_never_marked_good_loses_its_two_tries_to_the_other_one_and_no_node_stands_for_ever()
    {
        using var folder = new TempFolder();
        var disk = await built.DiskCopyAsync(folder);
        var starts = new List<string>();

        for (var start = 0; start < 5; start++)
        {
            starts.Add(await UBoot.StartAsync(Firmware, disk));
        }

        Assert.Equal(
            ["slot A, tries left A=1 B=2", "slot A, tries left A=0 B=2", "slot B, tries left A=0 B=1", "slot B, tries left A=0 B=0", "slot A, tries left A=1 B=2"],
            starts);
    }

    [Fact]
    public async Task What_U_Boot_wrote_is_read_and_written_by_the_nodes_own_tools()
    {
        using var folder = new TempFolder();
        var disk = await built.DiskCopyAsync(folder);
        var variables = await SlotVariables.OfAsync(disk, folder);
        await UBoot.StartAsync(Firmware, disk);

        var left = await variables.ReadAsync();
        await variables.WriteAsync("BOOT_ORDER", "B A");
        var next = await UBoot.StartAsync(Firmware, disk);

        Assert.Equal("BOOT_ORDER=A B\nBOOT_A_LEFT=1\nBOOT_B_LEFT=2\n", left);
        Assert.Equal("slot B, tries left A=1 B=1", next);
    }

    [Fact]
    public async Task A_write_of_U_Boots_that_a_power_cut_tears_loses_only_itself()
    {
        using var folder = new TempFolder();
        var disk = await built.DiskCopyAsync(folder);
        var variables = await SlotVariables.OfAsync(disk, folder);
        await UBoot.StartAsync(Firmware, disk);
        variables.TearNewest();

        var read = await variables.ReadAsync();
        var next = await UBoot.StartAsync(Firmware, disk);

        Assert.Equal("BOOT_ORDER=A B\nBOOT_A_LEFT=2\nBOOT_B_LEFT=2\n", read);
        Assert.Equal("slot A, tries left A=1 B=2", next);
    }

    [Fact]
    public async Task A_write_of_the_nodes_that_a_power_cut_tears_loses_only_itself()
    {
        using var folder = new TempFolder();
        var disk = await built.DiskCopyAsync(folder);
        var variables = await SlotVariables.OfAsync(disk, folder);
        await UBoot.StartAsync(Firmware, disk);
        await variables.WriteAsync("BOOT_ORDER", "B A");
        variables.TearNewest();

        var read = await variables.ReadAsync();
        var next = await UBoot.StartAsync(Firmware, disk);

        Assert.Equal("BOOT_ORDER=A B\nBOOT_A_LEFT=1\nBOOT_B_LEFT=2\n", read);
        Assert.Equal("slot A, tries left A=0 B=2", next);
    }

    [Theory]
    [InlineData(2, 1, "A B")]
    [InlineData(255, 0, "B A")]
    [InlineData(0, 255, "A B")]
    public async Task U_Boot_and_the_nodes_own_tools_take_the_same_copy_for_the_newer(byte first, byte second, string newer)
    {
        using var folder = new TempFolder();
        var disk = await built.DiskCopyAsync(folder);
        var variables = await SlotVariables.OfAsync(disk, folder);
        await variables.PutAsync(0, "A B", first);
        await variables.PutAsync(1, "B A", second);

        var read = await variables.ReadAsync();
        var start = await UBoot.StartAsync(Firmware, disk);

        Assert.StartsWith($"BOOT_ORDER={newer}\n", read, StringComparison.Ordinal);
        Assert.StartsWith($"slot {newer[0]},", start, StringComparison.Ordinal);
    }
}
