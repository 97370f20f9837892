using System.Security.Cryptography;
using System.Text;
using Appliance.Bmc.Simulation;

namespace Appliance.Bmc.Tests.Simulation;

public sealed class ModuleTests
{
    private static readonly byte[] Image = [.. new byte[4096], .. "APPLIANCE-IMAGE 1.4.0 logger node2\n"u8, .. RandomNumberGenerator.GetBytes(2_000_000)];

    [Fact]
    public async Task Flashed_module_says_on_its_console_what_it_boots()
    {
        await using var board = await TestBoard.StartAsync();
        await FlashAsync(board);

        await board.GetAsync("opt=set&type=power&node1=1");
        var (_, console) = await board.GetAsync("opt=get&type=uart&node=0");

        Assert.Equal(
            """{"response":[{"uart":"\r\nStarting kernel ...\r\n\r\nappliance: image 1.4.0, role logger, node node2\r\n\r\nnode2 login: "}]}""",
            console);
    }

    [Fact]
    public async Task What_was_written_is_kept()
    {
        await using var board = await TestBoard.StartAsync();

        await FlashAsync(board);

        var image = board.Board.Content(1)!;
        Assert.True(image.IsWhole);
        Assert.Equal((Image.Length, Convert.ToHexStringLower(SHA256.HashData(Image))), (image.Length, image.Sha256));
        Assert.Equal(Image[..(1024 * 1024)], image.Head.ToArray());
        Assert.Equal(new ImageLabel("1.4.0", "logger", "node2"), image.Label);
        Assert.Null(board.Board.Content(2));
    }

    [Fact]
    public async Task Boots_and_cuts_are_told_and_a_flash_in_itself_is_no_boot()
    {
        var told = new List<string>();
        await using var board = await TestBoard.StartAsync(with: options => options with
        {
            StoredPower = 0b0010,
            OnBoot = (slot, image) => told.Add($"{slot} boots {image?.Label?.Version ?? "what it came with"}"),
            OnPowerOff = slot => told.Add($"{slot} is cut"),
        });
        await FlashAsync(board);

        await board.GetAsync("opt=set&type=power&node1=1&node4=1");
        await board.GetAsync("opt=set&type=reset&node=0");

        Assert.Equal(["2 boots what it came with", "1 is cut", "1 boots 1.4.0", "1 is cut", "1 boots 1.4.0"], told);
    }

    [Fact]
    public async Task Damaged_module_runs_on_until_it_boots_and_is_repaired_by_a_flash()
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { StoredPower = 0b0001 });
        board.Board.DamageStorage(1);
        await board.LogInAsync();

        await board.GetAsync("opt=set&type=reset&node=0");
        var (_, broken) = await board.GetAsync("opt=get&type=uart&node=0");
        await FlashAsync(board);
        await board.GetAsync("opt=set&type=power&node1=1");
        var (_, repaired) = await board.GetAsync("opt=get&type=uart&node=0");

        Assert.EndsWith("unknown-block(0,0)\\r\\n\"}]}", broken, StringComparison.Ordinal);
        Assert.EndsWith("node2 login: \"}]}", repaired, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hung_module_echoes_nothing_until_it_is_cut_from_power()
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { StoredPower = 0b0001 });
        board.Board.Hang(1);
        await board.LogInAsync();

        await board.GetAsync("opt=set&type=uart&node=0&cmd=lost");
        await board.GetAsync("opt=set&type=reset&node=0");
        await board.GetAsync("opt=set&type=uart&node=0&cmd=heard");
        board.Board.WriteConsole(1, "and more");
        var (_, console) = await board.GetAsync("opt=get&type=uart&node=0");

        Assert.DoesNotContain("lost", console, StringComparison.Ordinal);
        Assert.EndsWith("login: heard\\r\\nand more\"}]}", console, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2.3.7", 1)]
    [InlineData("2.3.4", 2)]
    public async Task On_a_hub_the_first_module_in_boot_mode_is_written_whichever_was_meant(string profile, int written)
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { Profile = BoardProfiles.Find(profile)! });
        await board.LogInAsync();
        await board.GetAsync("opt=set&type=node_to_msd&node=0");

        await FlashAsync(board, node: 1);

        Assert.NotNull(board.Board.Content(written));
        Assert.Null(board.Board.Content(3 - written));
    }

    [Theory]
    [InlineData("2.3.7", 0)]
    [InlineData("2.3.4", 1)]
    public async Task Reboot_of_the_bmc_cuts_the_slots_on_boards_before_2_5(string profile, int cuts)
    {
        var cut = 0;
        await using var board = await TestBoard.StartAsync(with: options => options with
        {
            Profile = BoardProfiles.Find(profile)!,
            StoredPower = 0b0001,
            OnPowerOff = _ => cut++,
        });

        await board.Board.RebootAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);

        Assert.Equal((cuts, 0b0001), (cut, board.Board.PoweredSlots));
    }

    [Theory]
    [InlineData("APPLIANCE-IMAGE 1 role\n")]
    [InlineData("APPLIANCE-IMAGE 1 role name")]
    [InlineData("APPLIANCE-IMAGE 1 role name more\n")]
    [InlineData("APPLIANCE-IMAGE")]
    [InlineData("")]
    public void Head_without_a_whole_line_has_no_label(string head)
    {
        Assert.Null(ImageLabel.Find(Encoding.ASCII.GetBytes(head)));
    }

    private static async Task FlashAsync(TestBoard board, int node = 0)
    {
        await board.LogInAsync();
        var handle = await board.BeginAsync($"opt=set&type=flash&node={node}&file=x.img&length={Image.Length}");
        (await board.UploadAsync(handle, Image)).Dispose();
        await board.WaitForTransferAsync(body => body.StartsWith("{\"Done\"", StringComparison.Ordinal));
    }
}
