using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Slots;

public sealed class SlotSequenceTests : IDisposable
{
    private static readonly SlotNumber Slot1 = SlotNumber.All[0];
    private static readonly SlotNumber Slot2 = SlotNumber.All[1];
    private static readonly SlotNumber Slot3 = SlotNumber.All[2];
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    private readonly FakeTimeProvider _clock = new();
    private readonly PretendBoard _board = new();
    private readonly PretendNodes _nodes = new();
    private readonly List<string> _steps = [];
    private readonly SlotOptions _options = new()
    {
        Slot1 = new SlotLabel { Node = "192.0.2.1", Roles = ["router"] },
        Slot2 = new SlotLabel { Node = "192.0.2.2", Roles = ["logger", "bmc"] },
        Slot3 = new SlotLabel { Node = "192.0.2.3", Roles = ["detector"] },
    };

    private SlotRig? _rig;

    private SlotRig Rig => _rig ??= new SlotRig(_board, _clock, _options, _nodes);

    [Fact]
    public async Task Slots_come_up_one_after_the_other_as_each_is_ready()
    {
        AllOff();
        Say(Gone, Slot1, Slot2, Slot3);
        var run = BringUpAsync();
        await Clocks.AdvanceUntilAsync(_clock, Step, () => _steps.Contains("1 Waiting It waits for its node to answer."));

        var first = _board.Orders.ToArray();
        Say(PretendNodes.Running(), Slot1);
        await Clocks.AdvanceUntilAsync(_clock, Step, () => _steps.Contains("2 Waiting It waits for its node to answer."));
        Say(PretendNodes.Running(), Slot2, Slot3);
        await Clocks.AdvanceUntilAsync(_clock, Step, () => run.IsCompleted);
        await run;

        Assert.Equal(["power 1 on"], first);
        Assert.Equal(["power 1 on", "power 2 on", "power 3 on"], _board.Orders);
        Assert.Equal(
            [
                "1 Switching It is powered on.",
                "1 Waiting It waits for its node to answer.",
                "1 Succeeded It is ready.",
                "2 Switching It is powered on.",
                "2 Waiting It waits for its node to answer.",
                "2 Succeeded It is ready.",
                "3 Switching It is powered on.",
                "3 Waiting It waits for its node to answer.",
                "3 Succeeded It is ready.",
            ],
            _steps);
    }

    [Fact]
    public async Task What_needs_a_slot_that_does_not_become_ready_is_skipped()
    {
        AllOff();
        Say(Gone, Slot1, Slot2, Slot3);

        var run = BringUpAsync();
        await Clocks.AdvanceUntilAsync(_clock, TimeSpan.FromSeconds(5), () => run.IsCompleted);
        await run;

        Assert.Equal(["power 1 on"], _board.Orders);
        Assert.Equal(
            [
                "1 Failed It is on and not ready in its time: its node does not answer (away).",
                "2 Skipped It needs slot 1, which is not ready.",
                "3 Skipped It needs slot 1, which is not ready.",
            ],
            _steps[2..]);
    }

    [Fact]
    public async Task Slot_without_a_node_is_ready_when_its_console_says_so()
    {
        AllOff();
        _options.Slot1 = new SlotLabel { Name = "nas", ReadyText = "nas login:" };
        _board.Consoles[Slot1] = "nas login: of the last time\r\n";
        _nodes.Say(Slot2, Gone);
        await Rig.Consoles.ReadAsync(Slot1, TestContext.Current.CancellationToken);
        var run = BringUpAsync(Slot1);
        await Clocks.AdvanceUntilAsync(_clock, Step, () => _steps.Contains("1 Waiting It waits for its console to print \"nas login:\"."));
        await Clocks.AdvanceUntilAsync(_clock, Step, () => _clock.GetUtcNow() - _clock.Start > TimeSpan.FromSeconds(10));

        var early = run.IsCompleted;
        _board.Consoles[Slot1] += "U-Boot\r\nnas login: ";
        await Clocks.AdvanceUntilAsync(_clock, Step, () => run.IsCompleted);
        await run;

        Assert.False(early);
        Assert.Equal("1 Succeeded It is ready.", _steps[^1]);
    }

    [Fact]
    public async Task Slot_that_is_given_time_is_ready_after_it_and_at_once_when_it_was_on()
    {
        _options.Slot1 = new SlotLabel { Name = "nas", ReadyAfter = TimeSpan.FromSeconds(30) };
        _board.Power(1, false);

        var cold = BringUpAsync(Slot1);
        await Clocks.AdvanceUntilAsync(_clock, Step, () => cold.IsCompleted);
        await cold;
        var took = _clock.GetUtcNow() - _clock.Start;
        await BringUpAsync(Slot1);

        Assert.InRange(took, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
        Assert.Equal(["1 Succeeded It is ready.", "1 Succeeded It is ready."], _steps.Where(step => step.Contains("Succeeded", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Slots_go_down_in_the_opposite_order()
    {
        Say(PretendNodes.Running(), Slot1, Slot2, Slot3);
        _nodes.OnOrder = (slot, _) => Say(Gone, slot);
        _board.Power(4, false);

        var run = ShutDownAsync(allowCritical: false);
        await Clocks.AdvanceUntilAsync(_clock, Step, () => run.IsCompleted);
        await run;

        Assert.Equal(["shutdown 3", "shutdown 2", "shutdown 1"], _nodes.Orders);
        Assert.Equal(["power 3 off", "power 2 off", "power 1 off"], _board.Orders);
        Assert.Equal("1 Succeeded It is off.", _steps[^1]);
    }

    [Fact]
    public async Task Guarded_slot_is_skipped_with_all_that_it_needs()
    {
        _options.Slot2.Critical = true;
        Say(Gone, Slot1, Slot2, Slot3);

        await ShutDownAsync(allowCritical: false, Slot1);

        Assert.Equal(["power 3 off"], _board.Orders);
        Assert.Equal(
            ["2 Skipped It is critical (Bmc:Slots:Slot2:Critical).", "1 Skipped Slot 2, which needs it, is still on."],
            _steps[^2..]);
    }

    [Fact]
    public async Task Slot_of_this_role_goes_last_and_is_cut_unasked()
    {
        _options.HostedOn = 2;
        Say(PretendNodes.Running(), Slot1, Slot2, Slot3);
        _nodes.OnOrder = (slot, _) => Say(Gone, slot);

        var run = ShutDownAsync(allowCritical: true, Slot1, Slot2, Slot3);
        await Clocks.AdvanceUntilAsync(_clock, Step, () => run.IsCompleted);
        await run;

        Assert.Equal(["shutdown 3", "shutdown 1"], _nodes.Orders);
        Assert.Equal(["power 3 off", "power 1 off", "power 2 off"], _board.Orders);
    }

    [Fact]
    public async Task Slot_that_another_order_has_fails_and_keeps_what_it_needs()
    {
        Say(Gone, Slot1, Slot2, Slot3);
        using var lease = Rig.Leases.Take(Slot3, "flash", "bob");

        await ShutDownAsync(allowCritical: false, Slot1);

        Assert.Empty(_board.Orders);
        Assert.Equal(
            [
                "3 Failed Slot 3 is taken: flash by bob. Try again when that is done.",
                "2 Skipped Slot 3, which needs it, is still on.",
                "1 Skipped Slot 2, which needs it, is still on.",
            ],
            _steps[1..]);
    }

    [Fact]
    public async Task Second_sequence_is_refused_while_one_runs()
    {
        AllOff();
        Say(Gone, Slot1, Slot2, Slot3);
        using var caller = new CancellationTokenSource();
        var run = CollectAsync(Rig.Sequence.BringUpAsync([], Order, caller.Token));
        await Clocks.UntilAsync(() => _steps.Count == 2);

        var error = await Assert.ThrowsAsync<BusyException>(() => ShutDownAsync(allowCritical: true));
        await caller.CancelAsync();
        await Clocks.AdvanceUntilAsync(_clock, Step, () => run.IsCompleted);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await ShutDownAsync(allowCritical: true, Slot2);

        Assert.Equal("SEQUENCE_IN_PROGRESS", error.Reason);
        Assert.Equal(["power 1 on"], _board.Orders);
    }

    public void Dispose() => _rig?.Dispose();

    private static NodeReading Gone => NodeReading.Silent("away") with { Pings = false };

    private static SlotOrder Order(SlotNumber slot) => new(slot, "alice");

    private void AllOff()
    {
        foreach (var slot in SlotNumber.All)
        {
            _board.Power(slot.Number, false);
        }
    }

    private void Say(NodeReading reading, params SlotNumber[] slots)
    {
        foreach (var slot in slots)
        {
            _nodes.Say(slot, reading);
        }
    }

    private Task BringUpAsync(params SlotNumber[] wanted) => CollectAsync(Rig.Sequence.BringUpAsync(wanted, Order, TestContext.Current.CancellationToken));

    private Task ShutDownAsync(bool allowCritical, params SlotNumber[] wanted) => CollectAsync(
        Rig.Sequence.ShutDownAsync(wanted, slot => Order(slot) with { AllowCritical = allowCritical }, TestContext.Current.CancellationToken));

    private async Task CollectAsync(IAsyncEnumerable<SlotStep> steps)
    {
        await foreach (var step in steps)
        {
            _steps.Add($"{step.Slot} {step.State} {step.Text}");
        }
    }
}
