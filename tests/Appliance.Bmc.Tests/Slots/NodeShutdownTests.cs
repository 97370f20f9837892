using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Slots;

public sealed class NodeShutdownTests : IAsyncLifetime
{
    private static readonly SlotNumber Slot2 = SlotNumber.All[1];
    private static readonly SlotOrder Order = new(Slot2, "alice");
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    private readonly FakeTimeProvider _clock = new();
    private readonly PretendNodes _nodes = new();
    private TestBoard _board = null!;
    private SlotRig _rig = null!;

    public async ValueTask InitializeAsync()
    {
        _board = await TestBoard.StartAsync(_clock, options => options with { StoredPower = 0b1111 });
        _rig = new SlotRig(_board.Client(), _clock, nodes: _nodes);
    }

    [Fact]
    public async Task Node_shuts_down_before_its_power_is_cut()
    {
        _nodes.Say(Slot2, PretendNodes.Running());
        var off = _rig.Control.PowerOffAsync(Order, TestContext.Current.CancellationToken);
        await Clocks.UntilAsync(() => _nodes.Orders.Contains("shutdown 2"));

        await Clocks.AdvanceUntilAsync(_clock, Step, () => _clock.GetUtcNow() - _clock.Start > TimeSpan.FromSeconds(10));
        var powered = _board.Board.PoweredSlots;
        _nodes.Say(Slot2, Gone);
        await Clocks.AdvanceUntilAsync(_clock, Step, () => off.IsCompleted);

        Assert.Equal((0b1111, 0b1101), (powered, _board.Board.PoweredSlots));
        Assert.Equal(SlotState.Off, (await off).State);
    }

    [Fact]
    public async Task Machine_that_still_echoes_has_not_shut_down()
    {
        _nodes.Say(Slot2, PretendNodes.Running());
        var off = _rig.Control.PowerOffAsync(Order, TestContext.Current.CancellationToken);
        await Clocks.UntilAsync(() => _nodes.Orders.Contains("shutdown 2"));
        _nodes.Say(Slot2, Gone with { Pings = true });

        await Clocks.AdvanceUntilAsync(_clock, Step, () => _clock.GetUtcNow() - _clock.Start > TimeSpan.FromSeconds(30));
        var powered = _board.Board.PoweredSlots;
        _nodes.Say(Slot2, Gone);
        await Clocks.AdvanceUntilAsync(_clock, Step, () => off.IsCompleted);
        await off;

        Assert.Equal((0b1111, 0b1101), (powered, _board.Board.PoweredSlots));
    }

    [Fact]
    public async Task Node_that_does_not_shut_down_in_its_time_is_cut()
    {
        _nodes.Say(Slot2, PretendNodes.Running());
        var off = _rig.Control.PowerOffAsync(Order with { ShutdownLimit = TimeSpan.FromSeconds(20) }, TestContext.Current.CancellationToken);
        await Clocks.UntilAsync(() => _nodes.Orders.Contains("shutdown 2"));

        await Clocks.AdvanceUntilAsync(_clock, Step, () => off.IsCompleted);
        await off;

        Assert.InRange(_clock.GetUtcNow() - _clock.Start, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(40));
        Assert.Equal(0b1101, _board.Board.PoweredSlots);
    }

    [Fact]
    public async Task Node_that_does_not_answer_is_cut_at_once()
    {
        _nodes.Say(Slot2, Gone);

        var slot = await _rig.Control.PowerOffAsync(Order, TestContext.Current.CancellationToken);

        Assert.Equal(SlotState.Off, slot.State);
        Assert.Empty(_nodes.Orders);
    }

    [Fact]
    public async Task Cut_asks_no_node()
    {
        _nodes.Say(Slot2, PretendNodes.Running());

        var slot = await _rig.Control.PowerOffAsync(Order with { Cut = true }, TestContext.Current.CancellationToken);

        Assert.Equal(false, slot.Power);
        Assert.Empty(_nodes.Orders);
    }

    [Fact]
    public async Task Shutdown_goes_on_to_the_cut_when_its_caller_leaves()
    {
        _nodes.Say(Slot2, PretendNodes.Running());
        using var caller = new CancellationTokenSource();
        var off = _rig.Control.PowerOffAsync(Order, caller.Token);
        await Clocks.UntilAsync(() => _nodes.Orders.Contains("shutdown 2"));

        await caller.CancelAsync();
        _nodes.Say(Slot2, Gone);
        await Clocks.AdvanceUntilAsync(_clock, Step, () => off.IsCompleted);
        await off;

        Assert.Equal(0b1101, _board.Board.PoweredSlots);
    }

    [Fact]
    public async Task Node_that_writes_its_disks_is_not_cut_when_the_role_stops()
    {
        _nodes.Say(Slot2, PretendNodes.Running());
        var off = _rig.Control.PowerOffAsync(Order, TestContext.Current.CancellationToken);
        await Clocks.UntilAsync(() => _nodes.Orders.Contains("shutdown 2"));

        _rig.Lifetime.StopApplication();

        var error = await Assert.ThrowsAsync<BusyException>(() => off);
        Assert.Equal("ROLE_STOPS", error.Reason);
        Assert.Equal(0b1111, _board.Board.PoweredSlots);
    }

    [Fact]
    public async Task Restart_and_cycle_ask_the_node_as_well()
    {
        _nodes.Say(Slot2, PretendNodes.Running());
        _nodes.OnOrder = (slot, _) => _nodes.Say(slot, Gone);

        var restart = _rig.Control.RestartAsync(Order, TestContext.Current.CancellationToken);
        await Clocks.AdvanceUntilAsync(_clock, Step, () => restart.IsCompleted);
        await restart;
        _nodes.Say(Slot2, PretendNodes.Running());
        var cycle = _rig.Control.CycleAsync(Order, DownTime.Default, TestContext.Current.CancellationToken);
        await Clocks.AdvanceUntilAsync(_clock, Step, () => cycle.IsCompleted);
        await cycle;

        Assert.Equal(["shutdown 2", "shutdown 2"], _nodes.Orders);
        Assert.Equal(0b1111, _board.Board.PoweredSlots);
    }

    public async ValueTask DisposeAsync()
    {
        _rig.Dispose();
        await _board.DisposeAsync();
    }

    private static NodeReading Gone => NodeReading.Silent("logger: Unavailable") with { Pings = false };
}
