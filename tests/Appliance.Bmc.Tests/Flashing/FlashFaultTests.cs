using Appliance.Bmc.Flashing;
using Appliance.Bmc.Images;
using Appliance.Bmc.Simulation;
using static Appliance.Bmc.Tests.Flashing.FlashSite;

namespace Appliance.Bmc.Tests.Flashing;

/// <summary>The board, or the way to it, breaks off in the middle of a flash.</summary>
[Trait("Category", "Slow")]
public sealed class FlashFaultTests
{
    private const int Length = 2_000_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Where it breaks: the connection, the daemon while writing, the daemon while reading back; percent of the image.</summary>
    public static TheoryData<string, string, int> Cuts()
    {
        var cuts = new TheoryData<string, string, int>();
        foreach (var profile in new[] { "2.0.5", "2.3.4", "2.3.7" })
        {
            foreach (var percent in new[] { 0, 1, 50, 99 })
            {
                cuts.Add(profile, "connection", percent);
                cuts.Add(profile, "writing", percent);
            }

            cuts.Add(profile, "writing", 100);
            cuts.Add(profile, "reading back", 0);
            cuts.Add(profile, "reading back", 50);
        }

        return cuts;
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task Broken_off_for_good_the_slot_is_off_or_untouched_and_can_be_flashed_again(string profile, string where, int percent)
    {
        await using var site = await StartAsync(profile);
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life, Length);
        var before = site.Really(Slot1);
        Cut(site.Faults, where, percent);

        var flash = await life.Desk.StartAsync(Order(image), "alice", Token);
        var (end, _) = await life.EndAsync(flash.Id);
        var (after, written) = (site.Really(Slot1), site.Board.Board.Content(1));
        var again = await life.Desk.StartAsync(Order(image), "alice", Token);
        var (second, _) = await life.EndAsync(again.Id);

        Assert.Equal((FlashState.Failed, 1), (end.State, end.Results[0].Attempts));
        Assert.Matches(percent == 0 ? "." : $"after [0-9]+ of {Length} bytes", end.Failure);
        Assert.Equal((end.Results[0].Powered, before.Usb), after);
        Assert.False(after.On && written is not null);
        AssertFlashed(site, image, second);
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task Broken_off_once_it_begins_again_from_zero_and_says_so(string profile, string where, int percent)
    {
        await using var site = await StartAsync(profile);
        site.Options.MaxAttempts = 2;
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life, Length);
        Cut(site.Faults, where, percent);

        var flash = await life.Desk.StartAsync(Order(image), "alice", Token);
        var (end, _) = await life.EndAsync(flash.Id);

        Assert.Equal(2, end.Results[0].Attempts);
        Assert.EndsWith("It begins again from zero.", end.Note, StringComparison.Ordinal);
        AssertFlashed(site, image, end);
    }

    [Theory]
    [InlineData("2.0.5")]
    [InlineData("2.3.4")]
    [InlineData("2.3.7")]
    public async Task Connection_that_breaks_after_the_last_byte_costs_nothing_as_the_board_has_all(string profile)
    {
        await using var site = await StartAsync(profile);
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life, Length);
        site.Faults.DropUploadAt = Length;

        var flash = await life.Desk.StartAsync(Order(image), "alice", Token);
        var (end, _) = await life.EndAsync(flash.Id);

        Assert.Equal(1, end.Results[0].Attempts);
        AssertFlashed(site, image, end);
    }

    [Fact]
    public async Task Daemon_that_dies_after_a_slot_is_noticed_and_the_next_slot_is_flashed()
    {
        await using var site = await StartAsync("2.3.7");
        site.Options.MaxAttempts = 2;
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life, Length);
        site.Faults.KillAfterFlashes = 1;

        var flash = await life.Desk.StartAsync(Order(image, Slot1, Slot2), "alice", Token);
        var (end, _) = await life.EndAsync(flash.Id);

        Assert.Equal((FlashState.Succeeded, 1), (end.State, site.Board.Board.Restarts));
        AssertFlashed(site, image, end);
        Assert.Equal(image.RawSha256, site.Board.Board.Content(2)!.Sha256);
    }

    [Theory]
    [InlineData("2.0.5")]
    [InlineData("2.3.7")]
    public async Task Read_back_that_finds_other_bytes_is_a_failure_and_the_slot_is_off(string profile)
    {
        await using var site = await StartAsync(profile);
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life, Length);
        var before = site.Really(Slot1);
        site.Faults.VerifyFailures = 1;

        var flash = await life.Desk.StartAsync(Order(image), "alice", Token);
        var (end, _) = await life.EndAsync(flash.Id);

        Assert.Equal(FlashState.Failed, end.State);
        Assert.StartsWith("Slot 1: What is on slot 1 is not what was sent: crc error.", end.Failure, StringComparison.Ordinal);
        Assert.Equal((false, before.Usb), site.Really(Slot1));
    }

    [Theory]
    [InlineData("2.0.5")]
    [InlineData("2.3.4")]
    [InlineData("2.3.7")]
    public async Task Module_that_does_not_show_itself_is_left_as_it_was(string profile)
    {
        await using var site = await StartAsync(profile);
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life, Length);
        var before = site.Really(Slot1);
        site.Faults.UsbFailures = 1;

        var flash = await life.Desk.StartAsync(Order(image), "alice", Token);
        var (end, _) = await life.EndAsync(flash.Id);

        Assert.Contains("Nothing was written", end.Failure, StringComparison.Ordinal);
        Assert.Equal((before.On, before), (end.Results[0].Powered, site.Really(Slot1)));
        Assert.True(before.On);
    }

    [Fact]
    public async Task Module_that_shows_itself_at_the_second_try_is_flashed()
    {
        await using var site = await StartAsync("2.3.7");
        site.Options.MaxAttempts = 2;
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life, Length);
        site.Faults.UsbFailures = 1;

        var flash = await life.Desk.StartAsync(Order(image), "alice", Token);
        var (end, _) = await life.EndAsync(flash.Id);

        AssertFlashed(site, image, end);
    }

    [Fact]
    public async Task Board_that_is_slow_is_cancelled_in_the_middle_of_its_read_back_too()
    {
        await using var site = await StartAsync("2.3.7");
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life, Length);
        var before = site.Really(Slot1);
        site.Faults.FlashBytesPerSecond = Length;

        var flash = await life.Desk.StartAsync(Order(image), "alice", Token);
        await life.UntilAsync(flash.Id, FlashState.Verifying);
        var end = await life.Desk.CancelAsync(flash.Id, Token);

        Assert.Equal((FlashState.Cancelled, false), (end.State, end.Results[0].Powered));
        Assert.Equal((false, before.Usb), site.Really(Slot1));
        Assert.False(site.Board.Board.Content(1)!.IsWhole);
    }

    private static Task<FlashSite> StartAsync(string profile) => FlashSite.StartAsync(options => options with
    {
        Profile = BoardProfiles.Find(profile)!,
        Faults = new BoardFaults { DeadTime = TimeSpan.FromMilliseconds(100) },
    });

    private static void Cut(BoardFaults faults, string where, int percent)
    {
        var at = Length / 100 * percent;
        switch (where)
        {
            case "connection":
                faults.DropUploadAt = at;
                break;
            case "writing":
                faults.KillWriteAt = at;
                break;
            default:
                faults.KillVerifyAt = at;
                break;
        }
    }

    private static void AssertFlashed(FlashSite site, Image image, Flash flash)
    {
        Assert.Equal((FlashState.Succeeded, ""), (flash.State, flash.Failure));
        Assert.Equal((image.RawSha256, image.Bytes, true), (site.Board.Board.Content(1)!.Sha256, site.Board.Board.Content(1)!.Length, site.Board.Board.Content(1)!.IsWhole));
        Assert.True(site.Really(Slot1).On);
        Assert.Equal("Its console shows 'appliance: image 1.2.3, role logger, node node2'.", flash.Results[0].Proof);
    }
}
