using System.Text;
using System.Text.Json;
using Appliance.Bmc.Simulation;

namespace Appliance.Bmc.Tests.Simulation;

/// <summary>Firmware of the BMC itself: done means staged, and only a reboot boots it.</summary>
public sealed class FirmwareTests
{
    [Theory]
    [InlineData("2.3.7", "version", "2.1.0")]
    [InlineData("2.3.4", "build_version", "2.1.0")]
    [InlineData("2.0.5", "build_version", "2.0.5")]
    public async Task New_version_shows_after_a_reboot_and_not_after_a_reload(string profile, string key, string old)
    {
        await using var board = await StartAsync(profile);
        var before = await board.ResultAsync("opt=get&type=about");
        var end = await InstallAsync(board, "head of the file\nBMC-FIRMWARE 2.9.1\nmore");
        var staged = await VersionsAsync(board, key);

        await RestartAsync(board, "reload");
        var reloaded = await VersionsAsync(board, key);
        await RestartAsync(board, "reboot");
        var rebooted = await VersionsAsync(board, key);

        Assert.StartsWith("{\"Done\"", end, StringComparison.Ordinal);
        Assert.Equal([(old, old), (old, old), ("2.9.1", "2.9.1")], [staged, reloaded, rebooted]);
        Assert.Equal(before.Replace($"\"{key}\":\"{old}\"", $"\"{key}\":\"2.9.1\"", StringComparison.Ordinal), await board.ResultAsync("opt=get&type=about"));
    }

    [Theory]
    [InlineData("2.3.7", "version")]
    [InlineData("2.3.4", "build_version")]
    [InlineData("2.0.5", "build_version")]
    public async Task Firmware_that_failed_is_not_booted(string profile, string key)
    {
        await using var board = await StartAsync(profile);
        board.Board.Faults.FirmwareFailures = 1;
        var before = await VersionsAsync(board, key);

        var end = await InstallAsync(board, "BMC-FIRMWARE 2.9.1\n");
        await RestartAsync(board, "reboot");

        Assert.Contains("(exit status: 255)", end, StringComparison.Ordinal);
        Assert.Equal(before, await VersionsAsync(board, key));
    }

    [Fact]
    public async Task New_version_stays_over_further_reboots_until_other_firmware_comes()
    {
        await using var board = await StartAsync("2.3.7");
        await InstallAsync(board, "BMC-FIRMWARE 2.9.1\n");
        await RestartAsync(board, "reboot");
        await InstallAsync(board, "BMC-FIRMWARE 3.0.0\n");

        await RestartAsync(board, "reload");
        var first = await VersionsAsync(board, "version");
        await RestartAsync(board, "reboot");
        await RestartAsync(board, "reboot");

        Assert.Equal((("2.9.1", "2.9.1"), ("3.0.0", "3.0.0")), (first, await VersionsAsync(board, "version")));
    }

    [Theory]
    [InlineData("BMC-FIRMWARE 2.9.1\n", "2.9.1")]
    [InlineData("\0\u0001BMC-FIRMWARE v2.10-rc1\nBMC-FIRMWARE 1\n", "v2.10-rc1")]
    [InlineData("BMC-FIRMWARE 2.9.1", null)]
    [InlineData("BMC-FIRMWARE \n", null)]
    [InlineData("BMC-FIRMWARE two words\n", null)]
    [InlineData("bmc-firmware 2.9.1\n", null)]
    [InlineData("", null)]
    public void Version_is_the_one_word_after_the_mark(string file, string? version) =>
        Assert.Equal(version, FirmwareLabel.Find(Encoding.ASCII.GetBytes(file)));

    [Theory]
    [InlineData(1024 - 19, "2.9.1")]
    [InlineData(1024 - 18, null)]
    public void Version_is_looked_for_in_the_first_KiB(int at, string? version) =>
        Assert.Equal(version, FirmwareLabel.Find(Encoding.ASCII.GetBytes(new string('x', at) + "BMC-FIRMWARE 2.9.1\n")));

    private static async Task<TestBoard> StartAsync(string profile)
    {
        var board = await TestBoard.StartAsync(with: options => options with { Profile = BoardProfiles.Find(profile)! });
        await board.LogInAsync();
        return board;
    }

    private static async Task<string> InstallAsync(TestBoard board, string text)
    {
        var file = Encoding.ASCII.GetBytes(text);
        var handle = await board.BeginAsync($"opt=set&type=firmware&file=tp2.tpu&length={file.Length}");
        (await board.UploadAsync(handle, file)).Dispose();
        return await board.WaitForTransferAsync(body => !body.StartsWith("{\"Transferring\"", StringComparison.Ordinal));
    }

    private static async Task RestartAsync(TestBoard board, string type)
    {
        var restarts = board.Board.Restarts;
        await board.GetAsync($"opt=set&type={type}");
        await Clocks.UntilAsync(() => board.Board.Restarts == restarts + 1);
        await board.LogInAsync();
    }

    private static async Task<(string? About, string? Other)> VersionsAsync(TestBoard board, string key)
    {
        using var about = JsonDocument.Parse(await board.ResultAsync("opt=get&type=about"));
        using var other = JsonDocument.Parse(await board.ResultAsync("opt=get&type=other"));
        return (about.RootElement.GetProperty(key).GetString(), other.RootElement[0].GetProperty(key).GetString());
    }
}
