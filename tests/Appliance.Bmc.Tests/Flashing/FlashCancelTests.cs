using Appliance.Bmc.Flashing;
using Appliance.Hosting.Errors;
using Appliance.Tests.Shared;
using static Appliance.Bmc.Tests.Flashing.FlashSite;

namespace Appliance.Bmc.Tests.Flashing;

public sealed class FlashCancelTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cancelled_before_its_first_byte_leaves_the_slot_as_it_was()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life);
        var before = new SyncPoint();
        life.Board.OnStatus = () => before.ReachAndWaitAsync(Token);

        var flash = await life.Desk.StartAsync(Order(image), "alice", Token);
        await before.WaitAsync();
        var end = await life.Desk.CancelAsync(flash.Id, Token);

        Assert.Equal((FlashState.Cancelled, true, 0), (end.State, end.Results[0].Powered, life.Board.Begun));
        Assert.Equal(0b0001, site.Board.Board.PoweredSlots);
    }

    [Fact]
    public async Task Cancelled_while_written_the_slot_ends_off_and_usb_as_it_was()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life);
        var usb = site.Board.Board.Hardware.UsbPins;
        var half = new SyncPoint();
        life.Board.OnRead = at => at >= 500_000 ? half.ReachAndWaitAsync(Token) : Task.CompletedTask;

        var flash = await life.Desk.StartAsync(Order(image), "alice", Token);
        await half.WaitAsync();
        var end = await life.Desk.CancelAsync(flash.Id, Token);

        Assert.Equal((FlashState.Cancelled, FlashState.Cancelled, false), (end.State, end.Results[0].State, end.Results[0].Powered));
        Assert.False(life.Desired.Of(Slot1));
        Assert.Equal((0, usb), (site.Board.Board.PoweredSlots, site.Board.Board.Hardware.UsbPins));
    }

    [Fact]
    public async Task Cancelled_while_read_back_the_slot_ends_off()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life);
        var after = new SyncPoint();
        life.Board.OnStatus = () => life.Board.Read == 1_000_000 ? after.ReachAndWaitAsync(Token) : Task.CompletedTask;

        var flash = await life.Desk.StartAsync(Order(image), "alice", Token);
        await after.WaitAsync();
        after.Continue();
        var end = await life.Desk.CancelAsync(flash.Id, Token);

        Assert.Equal((FlashState.Cancelled, false), (end.State, end.Results[0].Powered));
        Assert.Equal(0, site.Board.Board.PoweredSlots);
    }

    [Fact]
    public async Task Cancelled_while_its_proof_is_awaited_the_slot_stays_on()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life);

        var flash = await life.Desk.StartAsync(Order(image) with { ProofText = "never printed" }, "alice", Token);
        await life.UntilAsync(flash.Id, FlashState.Proving);
        var end = await life.Desk.CancelAsync(flash.Id, Token);

        Assert.Equal((FlashState.Cancelled, true), (end.State, end.Results[0].Powered));
        Assert.Equal(0b0001, site.Board.Board.PoweredSlots);
        Assert.Null(life.Desk.LastGood(Slot1));
    }

    [Fact]
    public async Task Slots_of_a_cancelled_flash_are_free_as_soon_as_it_has_ended()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life);
        var half = new SyncPoint();
        life.Board.OnRead = at => at >= 500_000 && life.Board.Begun == 1 ? half.ReachAndWaitAsync(Token) : Task.CompletedTask;

        var flash = await life.Desk.StartAsync(Order(image, Slot1, Slot2), "alice", Token);
        await half.WaitAsync();
        await life.Desk.CancelAsync(flash.Id, Token);
        var next = await life.Desk.StartAsync(Order(image, Slot2, Slot1), "alice", Token);
        var (end, _) = await life.EndAsync(next.Id);

        Assert.Equal((FlashState.Succeeded, 0b0011), (end.State, (int)site.Board.Board.PoweredSlots));
    }

    [Fact]
    public async Task Flash_that_has_ended_cannot_be_cancelled_and_the_next_may_begin()
    {
        await using var site = await FlashSite.StartAsync();
        await using var life = await site.LiveAsync();
        var image = await AddAsync(life);
        var flash = await life.Desk.StartAsync(Order(image), "alice", Token);
        await life.EndAsync(flash.Id);

        var error = await Assert.ThrowsAsync<BusyException>(() => life.Desk.CancelAsync(flash.Id, Token));
        var next = await life.Desk.StartAsync(Order(image, Slot2), "alice", Token);
        var (end, _) = await life.EndAsync(next.Id);

        Assert.Equal("FLASH_ENDED", error.Reason);
        Assert.Equal(FlashState.Succeeded, end.State);
    }
}
