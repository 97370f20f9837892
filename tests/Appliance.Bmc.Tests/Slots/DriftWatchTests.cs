using Appliance.Bmc.Board;
using Appliance.Bmc.Simulation;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Health;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Slots;

public sealed class DriftWatchTests : IDisposable
{
    private const string Differs = "Slot 2 is off, but was ordered on.";

    private static readonly SlotNumber Slot2 = SlotNumber.All[1];

    private readonly FakeTimeProvider _clock = new();
    private readonly PretendBoard _board = new();
    private readonly SlotRig _rig;

    public DriftWatchTests() => _rig = new SlotRig(_board, _clock);

    [Fact]
    public async Task Slot_that_something_else_switched_is_told_once_and_by_health()
    {
        await LookAsync();
        _board.Power(2, false);

        await LookAsync();
        var first = _rig.Told;
        await LookAsync();
        var slots = await LookAsync();

        Assert.Empty(first);
        Assert.StartsWith(Differs, Assert.Single(_rig.Told), StringComparison.Ordinal);
        Assert.Equal((PartState.Degraded, Differs), (Part.State, Part.Text));
        Assert.Equal("It was ordered on here, so something else switched it.", slots[1].Evidence[^1]);
        Assert.Empty(_board.Orders);
    }

    [Fact]
    public async Task End_of_a_difference_is_told_as_well()
    {
        await LookAsync();
        _board.Power(2, false);
        await LookAsync();
        await LookAsync();

        _board.Power(2, true);
        await LookAsync();

        Assert.Equal("Slot 2 is on, as it was ordered.", _rig.Told[^1]);
        Assert.Equal((PartState.Healthy, "powered as ordered"), (Part.State, Part.Text));
    }

    [Fact]
    public async Task Order_makes_what_differed_what_is_meant()
    {
        await LookAsync();
        _board.Power(2, false);
        await LookAsync();
        await LookAsync();

        await _rig.Control.PowerOffAsync(new SlotOrder(Slot2, "alice"), TestContext.Current.CancellationToken);

        Assert.Equal(PartState.Healthy, Part.State);
    }

    [Fact]
    public async Task Slot_whose_order_is_under_way_does_not_differ()
    {
        await LookAsync();
        using var lease = _rig.Leases.Take(Slot2, "power cycle", "alice");
        _board.Power(2, false);

        await LookAsync();
        await LookAsync();

        Assert.Empty(_rig.Told);
    }

    [Fact]
    public async Task Slot_that_is_flashed_does_not_differ()
    {
        await LookAsync();
        using var flash = _rig.Marks.Flash(Slot2, "Image debian is being written.");
        _board.Power(2, false);

        await LookAsync();
        await LookAsync();

        Assert.Empty(_rig.Told);
    }

    [Fact]
    public async Task Difference_that_arose_while_this_role_was_away_is_told()
    {
        _rig.Desired.Set(Slot2, true);
        _board.Power(2, false);

        await LookAsync();
        await LookAsync();

        Assert.StartsWith(Differs, Assert.Single(_rig.Told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_of_the_daemon_is_noticed_by_uptimes_of_slots_2_to_4_that_all_begin_anew()
    {
        Uptimes(1000, 2000, 3000, null);
        await LookAsync();
        _clock.Advance(TimeSpan.FromSeconds(5));
        Uptimes(1005, 2005, 3005, null);
        await LookAsync();
        var steady = _rig.Daemon.LastRestart;

        _clock.Advance(TimeSpan.FromSeconds(5));
        Uptimes(1010, 2, 2, null);
        await LookAsync();
        _clock.Advance(TimeSpan.FromSeconds(5));
        Uptimes(1015, 7, 7, null);
        await LookAsync();

        Assert.Null(steady);
        Assert.Equal(_clock.GetUtcNow() - TimeSpan.FromSeconds(5), _rig.Daemon.LastRestart);
        Assert.StartsWith("The board's daemon has restarted, ", Assert.Single(_rig.Told), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2.0.5", 0b0001)]
    [InlineData("2.3.4", 0b0000)]
    [InlineData("2.3.7", 0b0111)]
    public async Task Restart_of_the_simulated_daemon_is_noticed(string profile, byte power)
    {
        await using var board = await TestBoard.StartAsync(_clock, options => options with { Profile = BoardProfiles.Find(profile)!, StoredPower = power });
        using var rig = new SlotRig(board.Client(), _clock);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await rig.Monitor.RefreshAsync(TestContext.Current.CancellationToken);
        var before = rig.Daemon.LastRestart;

        await board.Board.RestartDaemonAsync(orderly: true, TimeSpan.Zero, TestContext.Current.CancellationToken);
        await rig.Monitor.RefreshAsync(TestContext.Current.CancellationToken);

        Assert.Equal((null, (DateTimeOffset?)_clock.GetUtcNow()), (before, rig.Daemon.LastRestart));
        Assert.StartsWith("The board's daemon has restarted, ", Assert.Single(rig.Told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_uptime_that_begins_anew_beside_others_that_go_on_is_no_restart()
    {
        Uptimes(1000, 2000, 3000, null);
        await LookAsync();

        Uptimes(1000, 1, 3000, null);
        await LookAsync();

        Assert.Null(_rig.Daemon.LastRestart);
    }

    [Fact]
    public async Task Slot_that_was_cycled_here_is_no_restart()
    {
        _board.Power(1, false);
        Uptimes(null, 2000, null, null);
        await LookAsync();

        _clock.Advance(TimeSpan.FromSeconds(5));
        _rig.Marks.NoteStart(Slot2);
        Uptimes(null, 1, null, null);
        await LookAsync();

        Assert.Null(_rig.Daemon.LastRestart);
    }

    public void Dispose() => _rig.Dispose();

    private PartHealth Part => _rig.Health.Snapshot.Single(part => part.Part == DriftWatch.Part);

    private Task<IReadOnlyList<Slot>> LookAsync() => _rig.Monitor.RefreshAsync(TestContext.Current.CancellationToken);

    private void Uptimes(params int?[] seconds) =>
        _board.Notes = [.. seconds.Select(second => new SlotNote("", "", second is { } on ? TimeSpan.FromSeconds(on) : null))];
}
