using Appliance.Bmc.Flashing;
using Appliance.Hosting.Errors;
using Appliance.Tests.Shared;
using static Appliance.Bmc.Tests.Flashing.FlashSite;

namespace Appliance.Bmc.Tests.Flashing;

/// <summary>The program is killed in the middle of a flash: none of its calls ends any more, its connections break, and the next life of it finds what is on disk.</summary>
public sealed class FlashResumeTests
{
    private const int Length = 2_000_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(99)]
    [InlineData(100)]
    public async Task Killed_while_sending_the_next_life_begins_again_from_zero_and_says_so(int percent)
    {
        await using var site = await FlashSite.StartAsync();
        var cut = new SyncPoint();
        string id;
        await using (var killed = await site.LiveAsync())
        {
            var image = await AddAsync(killed, Length);
            killed.Board.OnRead = at => at >= Length / 100 * percent ? cut.ReachAndWaitAsync(Token) : Task.CompletedTask;
            id = (await killed.Desk.StartAsync(Order(image), "alice", Token)).Id;
            await cut.WaitAsync();
            killed.Board.Kill();
        }

        await using var next = await site.LiveAsync();
        var (end, _) = await next.EndAsync(id);

        Assert.Equal((FlashState.Succeeded, 2, true), (end.State, end.Results[0].Attempts, end.Results[0].Powered));
        Assert.Equal($"This program ended while slot 1 was written; the slot begins again from zero.", end.Note);
        Assert.Equal((long)Length, next.Board.Read);
        Assert.Equal(0b0001, site.Board.Board.PoweredSlots);
    }

    [Fact]
    public async Task Killed_in_the_read_back_the_next_life_begins_again_from_zero()
    {
        await using var site = await FlashSite.StartAsync();
        var cut = new SyncPoint();
        string id;
        await using (var killed = await site.LiveAsync())
        {
            var image = await AddAsync(killed, Length);
            killed.Board.OnStatus = () => killed.Board.Read == Length ? cut.ReachAndWaitAsync(Token) : Task.CompletedTask;
            id = (await killed.Desk.StartAsync(Order(image), "alice", Token)).Id;
            await cut.WaitAsync();
            killed.Board.Kill();
        }

        await using var next = await site.LiveAsync();
        var (end, _) = await next.EndAsync(id);

        Assert.Equal((FlashState.Succeeded, 2), (end.State, end.Results[0].Attempts));
        Assert.Equal("This program ended while slot 1 was read back; the slot begins again from zero.", end.Note);
    }

    [Fact]
    public async Task Killed_while_the_proof_is_awaited_the_next_life_awaits_it_and_writes_nothing()
    {
        await using var site = await FlashSite.StartAsync();
        string id;
        await using (var killed = await site.LiveAsync())
        {
            var image = await AddAsync(killed, Length);
            id = (await killed.Desk.StartAsync(Order(image) with { ProofText = "spoken later" }, "alice", Token)).Id;
            await killed.UntilAsync(id, FlashState.Proving);
            killed.Board.Kill();
        }

        await using var next = await site.LiveAsync();
        site.Board.Board.Hardware.Console(0).Write("spoken later\r\n"u8);
        var (end, _) = await next.EndAsync(id);

        Assert.Equal((FlashState.Succeeded, 1, 0), (end.State, end.Results[0].Attempts, next.Board.Begun));
    }

    [Fact]
    public async Task What_the_console_printed_before_the_power_on_is_no_proof_for_the_next_life_either()
    {
        await using var site = await FlashSite.StartAsync();
        site.Options.ProofTime = TimeSpan.FromSeconds(1);
        site.Board.Board.WriteConsole(1, "old words\r\n");
        string id;
        await using (var killed = await site.LiveAsync())
        {
            var image = await AddAsync(killed, Length);
            id = (await killed.Desk.StartAsync(Order(image) with { ProofText = "old words" }, "alice", Token)).Id;
            await killed.UntilAsync(id, FlashState.Proving);
            killed.Board.Kill();
        }

        await using var next = await site.LiveAsync();
        var (end, _) = await next.EndAsync(id);

        Assert.Equal((FlashState.Failed, true), (end.State, end.Results[0].Powered));
    }

    [Fact]
    public async Task Killed_between_two_slots_the_next_life_goes_on_with_the_second_alone()
    {
        await using var site = await FlashSite.StartAsync();
        var cut = new SyncPoint();
        string id;
        await using (var killed = await site.LiveAsync())
        {
            var image = await AddAsync(killed, Length);
            killed.Board.OnRead = at => at > 0 && killed.Board.Begun == 2 ? cut.ReachAndWaitAsync(Token) : Task.CompletedTask;
            id = (await killed.Desk.StartAsync(Order(image, Slot1, Slot2), "alice", Token)).Id;
            await cut.WaitAsync();
            killed.Board.Kill();
        }

        await using var next = await site.LiveAsync();
        var (end, _) = await next.EndAsync(id);

        Assert.Equal(FlashState.Succeeded, end.State);
        Assert.Equal([1, 2], end.Results.Select(result => result.Attempts));
        Assert.Equal((1, 0b0011), (next.Board.Begun, (int)site.Board.Board.PoweredSlots));
    }

    [Fact]
    public async Task Resumed_flash_can_be_cancelled_and_another_is_refused_meanwhile()
    {
        await using var site = await FlashSite.StartAsync();
        string id;
        await using (var killed = await site.LiveAsync())
        {
            var image = await AddAsync(killed, Length);
            id = (await killed.Desk.StartAsync(Order(image) with { ProofText = "never printed" }, "alice", Token)).Id;
            await killed.UntilAsync(id, FlashState.Proving);
            killed.Board.Kill();
        }

        await using var next = await site.LiveAsync();
        var error = await Assert.ThrowsAsync<BusyException>(
            () => next.Desk.StartAsync(Order(next.Library.List()[0], Slot2), "bob", Token));
        var end = await next.Desk.CancelAsync(id, Token);

        Assert.Equal(("FLASH_IN_PROGRESS", FlashState.Cancelled), (error.Reason, end.State));
    }
}
