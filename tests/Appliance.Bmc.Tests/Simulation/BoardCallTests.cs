using System.Formats.Tar;
using System.IO.Compression;

namespace Appliance.Bmc.Tests.Simulation;

public sealed class BoardCallTests
{
    [Fact]
    public async Task About_names_the_daemon_apart_from_the_firmware()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();

        var about = await board.ResultAsync("opt=get&type=about");

        Assert.Equal(
            """{"api":"1.1","bmcd_version":"2.3.7","board_model":"Turing Pi 2","board_revision":"v2.5.1","buildroot":"Buildroot 2024.05.3","buildtime":"2025-02-23 11:12:19-00:00","hostname":"turingpi","version":"2.1.0"}""",
            about);
    }

    [Fact]
    public async Task Other_is_a_list_of_one_with_the_quote_marks_of_os_release()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();

        var other = await board.ResultAsync("opt=get&type=other");
        using var same = await board.Raw.GetAsync("/api/bmc/info", TestContext.Current.CancellationToken);

        Assert.Equal(
            """[{"api":"1.1","buildroot":"\"Buildroot 2024.05.3\"","buildtime":"2025-02-23 11:12:19-00:00","ip":"192.0.2.10","mac":"02:00:00:54:50:02","version":"2.1.0"}]""",
            other);
        Assert.Contains(other, await same.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Info_tells_addresses_and_storage()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();

        var info = await board.ResultAsync("opt=get&type=info");

        Assert.Equal(
            """{"ip":[{"device":"br0","ip":"192.0.2.10","mac":"02:00:00:54:50:02"}],"storage":[{"name":"BMC","total_bytes":91004928,"bytes_free":87715840}]}""",
            info);
    }

    [Fact]
    public async Task Fan_keeps_the_speed_that_was_set()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();

        await board.GetAsync("opt=set&type=cooling&device=system%20fan&speed=5");

        Assert.Equal("""[{"device":"system fan","speed":5,"max_speed":6}]""", await board.ResultAsync("opt=get&type=cooling"));
    }

    [Fact]
    public async Task Backup_is_an_archive_named_by_its_day()
    {
        await using var board = await TestBoard.StartAsync();
        await board.LogInAsync();

        using var reply = await board.Raw.GetAsync("/api/bmc/backup", TestContext.Current.CancellationToken);
        await using var gzip = new GZipStream(await reply.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
        await using var tar = new TarReader(gzip);
        var entry = await tar.GetNextEntryAsync(copyData: false, TestContext.Current.CancellationToken);

        Assert.Matches("^\"?tp2-backup-[0-9]{2}-[0-9]{2}-[0-9]{4}\\.tar\\.gz\"?$", reply.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal("etc/hostname", entry?.Name);
    }
}
