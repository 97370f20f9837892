using Appliance.Bmc.Board;
using Appliance.Bmc.Simulation;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Slots;

public sealed class SlotControlTests
{
    private const string Caller = "spiffe://home/operator/alice";

    private static readonly SlotNumber Slot2 = SlotNumber.All[1];
    private static readonly SlotOrder Order = new(Slot2, Caller);
    private static readonly TimeSpan DownFor = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Slot_is_powered_on_and_seen_so()
    {
        await using var board = await TestBoard.StartAsync();
        using var rig = new SlotRig(board.Client(), TimeProvider.System);

        var slot = await rig.Control.PowerOnAsync(Order, TestContext.Current.CancellationToken);
        var again = await rig.Control.PowerOnAsync(Order, TestContext.Current.CancellationToken);

        Assert.Equal((SlotState.Powered, SlotState.Powered), (slot.State, again.State));
        Assert.Equal(0b0010, board.Board.PoweredSlots);
    }

    [Fact]
    public async Task Slot_is_powered_off_and_seen_so()
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { StoredPower = 0b1111 });
        using var rig = new SlotRig(board.Client(), TimeProvider.System);

        var slot = await rig.Control.PowerOffAsync(Order, TestContext.Current.CancellationToken);

        Assert.Equal((SlotState.Off, null), (slot.State, slot.Uptime));
        Assert.Equal(0b1101, board.Board.PoweredSlots);
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("2.0.5")]
    [InlineData("2.3.4")]
    [InlineData("2.3.7")]
    public async Task Orders_are_carried_out_on_every_generation(string profile)
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { Profile = BoardProfiles.Find(profile)!, StoredPower = 0b0011 });
        using var rig = new SlotRig(board.Client(), TimeProvider.System);

        var off = await rig.Control.PowerOffAsync(Order, TestContext.Current.CancellationToken);
        var rails = board.Board.PoweredSlots;
        var on = await rig.Control.PowerOnAsync(Order, TestContext.Current.CancellationToken);
        var restarted = await rig.Control.RestartAsync(Order, TestContext.Current.CancellationToken);

        Assert.Equal((SlotState.Off, SlotState.Powered, SlotState.Powered), (off.State, on.State, restarted.State));
        Assert.Equal((0b0001, 0b0011), (rails, board.Board.PoweredSlots));
    }

    [Fact]
    public async Task Slot_that_is_off_is_not_reset()
    {
        await using var board = await TestBoard.StartAsync();
        using var rig = new SlotRig(board.Client(), TimeProvider.System);

        var error = await Assert.ThrowsAsync<BusyException>(() => rig.Control.RestartAsync(Order, TestContext.Current.CancellationToken));

        Assert.Equal("SLOT_OFF", error.Reason);
        Assert.Equal(0, board.Board.PoweredSlots);
    }

    [Fact]
    public async Task Slot_that_is_on_is_reset()
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { StoredPower = 0b0010 });
        var before = board.Board.Hardware.Console(1).Read(consume: false).Length;
        using var rig = new SlotRig(board.Client(), TimeProvider.System);

        var slot = await rig.Control.RestartAsync(Order, TestContext.Current.CancellationToken);

        Assert.Equal(SlotState.Powered, slot.State);
        Assert.Equal(2 * before, board.Board.Hardware.Console(1).Read(consume: false).Length);
    }

    [Fact]
    public async Task Cycle_keeps_the_slot_off_for_the_down_time()
    {
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock, options => options with { StoredPower = 0b1111 });
        using var rig = new SlotRig(board.Client(), clock);

        var cycle = rig.Control.CycleAsync(Order, DownFor, TestContext.Current.CancellationToken);
        await Clocks.UntilAsync(() => board.Board.PoweredSlots == 0b1101);
        var started = clock.GetUtcNow();
        await Clocks.AdvanceUntilAsync(clock, TimeSpan.FromMilliseconds(100), () => board.Board.PoweredSlots == 0b1111);

        Assert.Equal(SlotState.Powered, (await cycle).State);
        Assert.InRange(clock.GetUtcNow() - started, DownFor, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Cycle_ends_powered_when_its_caller_leaves()
    {
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock, options => options with { StoredPower = 0b1111 });
        using var rig = new SlotRig(board.Client(), clock);
        using var caller = new CancellationTokenSource();
        var cycle = rig.Control.CycleAsync(Order, DownFor, caller.Token);
        await Clocks.UntilAsync(() => board.Board.PoweredSlots == 0b1101);

        await caller.CancelAsync();
        await Clocks.AdvanceUntilAsync(clock, TimeSpan.FromMilliseconds(100), () => cycle.IsCompleted);

        Assert.Equal(SlotState.Powered, (await cycle).State);
        Assert.Equal(0b1111, board.Board.PoweredSlots);
    }

    [Fact]
    public async Task Cycle_is_cut_short_when_the_role_stops()
    {
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock, options => options with { StoredPower = 0b1111 });
        using var rig = new SlotRig(board.Client(), clock);
        var cycle = rig.Control.CycleAsync(Order, DownFor, TestContext.Current.CancellationToken);
        await Clocks.UntilAsync(() => board.Board.PoweredSlots == 0b1101);

        rig.Lifetime.StopApplication();

        Assert.Equal(SlotState.Powered, (await cycle).State);
        Assert.Equal(0b1111, board.Board.PoweredSlots);
    }

    [Fact]
    public async Task Second_order_for_a_slot_is_told_who_has_it()
    {
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock, options => options with { StoredPower = 0b1111 });
        using var rig = new SlotRig(board.Client(), clock);
        var cycle = rig.Control.CycleAsync(Order, DownFor, TestContext.Current.CancellationToken);
        await Clocks.UntilAsync(() => board.Board.PoweredSlots == 0b1101);

        var error = await Assert.ThrowsAsync<BusyException>(() => rig.Control.PowerOnAsync(Order with { Caller = "bob" }, TestContext.Current.CancellationToken));
        var other = await rig.Control.PowerOffAsync(new SlotOrder(SlotNumber.All[3], "bob"), TestContext.Current.CancellationToken);
        await Clocks.AdvanceUntilAsync(clock, TimeSpan.FromMilliseconds(100), () => cycle.IsCompleted);
        await rig.Control.PowerOnAsync(Order with { Caller = "bob" }, TestContext.Current.CancellationToken);

        Assert.Equal("SLOT_BUSY", error.Reason);
        Assert.Equal($"Slot 2 is taken: power cycle by {Caller}. Try again when that is done.", error.Message);
        Assert.Equal(SlotState.Off, other.State);
    }

    [Fact]
    public async Task Cycle_that_loses_the_board_says_that_the_slot_may_be_off()
    {
        var clock = new FakeTimeProvider();
        var board = await TestBoard.StartAsync(clock, options => options with { StoredPower = 0b1111 });
        using var rig = new SlotRig(board.Client(), clock);
        var cycle = rig.Control.CycleAsync(Order, DownFor, TestContext.Current.CancellationToken);
        await Clocks.UntilAsync(() => board.Board.PoweredSlots == 0b1101);

        await board.Board.DisposeAsync();
        await Clocks.AdvanceUntilAsync(clock, TimeSpan.FromMilliseconds(500), () => cycle.IsCompleted);

        var error = await Assert.ThrowsAsync<BusyException>(() => cycle);
        Assert.Equal("SLOT_LEFT_OFF", error.Reason);
    }

    [Fact]
    public async Task Cycle_does_not_begin_on_a_board_that_does_not_answer()
    {
        var board = await TestBoard.StartAsync();
        using var rig = new SlotRig(board.Client(), TimeProvider.System);
        await board.Board.DisposeAsync();

        await Assert.ThrowsAsync<UnreachableException>(() => rig.Control.CycleAsync(Order, DownFor, TestContext.Current.CancellationToken));

        Assert.Equal(SlotState.Unreachable, rig.Feed.Current[1].State);
    }

    [Fact]
    public async Task Order_that_the_board_does_not_confirm_is_told()
    {
        await using var board = await ScriptedBoard.StartAsync(context => (context.Request.Query["opt"], context.Request.Query["type"]) switch
        {
            var (opt, _) when opt == "set" => ScriptedBoard.Always("""{"response":[{"result":"ok"}]}""")(context),
            var (_, type) when type == "about" => ScriptedBoard.Always("""{"response":[{"result":{"version":"2.0.5"}}]}""")(context),
            _ => ScriptedBoard.Always("""{"response":[{"result":[{"node1":"0","node2":"0"}]}]}""")(context),
        });
        using var rig = new SlotRig(board.Client, TimeProvider.System);

        var error = await Assert.ThrowsAsync<BusyException>(() => rig.Control.PowerOnAsync(Order, TestContext.Current.CancellationToken));

        Assert.Equal("NOT_CONFIRMED", error.Reason);
    }

    [Fact]
    public async Task Order_that_was_carried_out_does_not_fail_because_the_board_is_silent_afterwards()
    {
        await using var board = await ScriptedBoard.StartAsync(context => context.Request.Query["opt"] == "set"
            ? ScriptedBoard.Always("""{"response":[{"result":"ok"}]}""")(context)
            : ScriptedBoard.Always("<html>", "text/html")(context));
        using var rig = new SlotRig(board.Client, TimeProvider.System);

        var slot = await rig.Control.PowerOnAsync(Order, TestContext.Current.CancellationToken);

        Assert.Equal(SlotState.Unreachable, slot.State);
    }
}
