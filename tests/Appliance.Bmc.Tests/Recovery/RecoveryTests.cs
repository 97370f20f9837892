using Appliance.Bmc.Board;
using Appliance.Bmc.Recovery;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Health;

namespace Appliance.Bmc.Tests.Recovery;

[Trait("Category", "Slow")]
public sealed class RecoveryTests
{
    private static readonly SlotNumber Slot1 = RecoveryRig.Slot1;
    private static readonly SlotNumber Slot2 = RecoveryRig.Slot2;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Role_that_hangs_is_restarted_and_nothing_more()
    {
        await using var rig = await RecoveryRig.StartAsync();
        await rig.PassAsync(TimeSpan.FromMinutes(3));

        rig.Nodes.Run(Slot2, HangDepth.Role);
        await rig.PassUntilAsync(() => rig.Told.Any(text => text.Contains("has recovered", StringComparison.Ordinal)), Hour);

        Assert.Equal(["restart 2"], rig.Nodes.Done);
        Assert.Equal(["RecoverSlot slot_number=2 step=role-restart"], rig.Audit);
        Assert.Equal("the node answers again", Assert.Single(rig.Journal.Of(Slot2).Steps).Outcome);
        Assert.Empty(rig.Journal.Of(Slot2).Episode);
    }

    [Fact]
    public async Task System_that_hangs_is_rebooted_after_its_role()
    {
        await using var rig = await RecoveryRig.StartAsync();
        await rig.PassAsync(TimeSpan.FromMinutes(3));

        rig.Nodes.Run(Slot2, HangDepth.System);
        await rig.PassUntilAsync(() => rig.Told.Any(text => text.Contains("has recovered", StringComparison.Ordinal)), Hour);

        Assert.Equal(["restart 2", "reboot 2"], rig.Nodes.Done);
        Assert.Equal(["RecoverSlot slot_number=2 step=role-restart", "RecoverSlot slot_number=2 step=reboot"], rig.Audit);
    }

    [Fact]
    public async Task Kernel_that_is_dead_is_cut_from_power_and_its_neighbour_is_not()
    {
        await using var rig = await RecoveryRig.StartAsync();
        await rig.PassAsync(TimeSpan.FromMinutes(3));

        rig.Nodes.Run(Slot2, HangDepth.Kernel);
        rig.Board.Board.Hang(2);
        await rig.PassUntilAsync(() => rig.Told.Any(text => text.Contains("has recovered", StringComparison.Ordinal)), Hour);

        Assert.Equal(["cut 2", "boot 2"], rig.Nodes.Done);
        Assert.Equal(["RecoverSlot slot_number=2 step=power-cycle"], rig.Audit);
        Assert.Equal(0b0011, rig.Board.Board.PoweredSlots);
        Assert.Contains(rig.Told, text => text.StartsWith("Warning Slot 2: power cycle. The board says on. The node does not answer since ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Flash_that_is_damaged_is_written_again_with_the_last_image_that_ran(bool isCritical)
    {
        await using var rig = await RecoveryRig.StartAsync(slots => slots.Slot2.Critical = isCritical);
        await rig.FlashAsync(Slot2);
        rig.Ledger.Update(RecoveryPolicy.Default with { ReflashAllowed = true }, "");
        await rig.PassAsync(TimeSpan.FromMinutes(3));

        rig.Nodes.Run(Slot2, HangDepth.Flash);
        rig.Board.Board.DamageStorage(2);
        await rig.PassUntilAsync(() => rig.Told.Any(text => text.Contains("has recovered", StringComparison.Ordinal)), Hour);

        Assert.Equal(["RecoverSlot slot_number=2 step=power-cycle", "RecoverSlot slot_number=2 step=reflash"], rig.Audit);
        Assert.True(rig.Board.Board.Content(2)!.IsWhole);
        Assert.Equal(["it did not help within 210 s", "the node answers again"], rig.Journal.Of(Slot2).Steps.Select(step => step.Outcome));
    }

    [Fact]
    public async Task Node_that_nothing_brings_back_is_quarantined_and_left_alone_also_after_a_restart_of_the_role()
    {
        await using var rig = await RecoveryRig.StartAsync();
        await rig.PassAsync(TimeSpan.FromMinutes(3));
        rig.Nodes.Run(Slot2, HangDepth.Hardware);
        await rig.PassUntilAsync(() => rig.Journal.Of(Slot2).Quarantine is not null, Hour);
        await rig.LookAsync();
        var state = rig.Rig.Feed.Current[1].State;

        await rig.RestartAsync();
        await rig.PassAsync(Hour);

        Assert.Equal(SlotState.Quarantined, state);
        Assert.Equal(["cut 2", "boot 2"], rig.Nodes.Done);
        Assert.Equal(["RecoverSlot slot_number=2 step=power-cycle", "QuarantineSlot slot_number=2"], rig.Audit);
        Assert.Equal("power cycle did not help, and no step is left (reflash: the policy does not allow it)", rig.Journal.Of(Slot2).Quarantine!.Reason);
        Assert.Equal(SlotState.Quarantined, rig.Rig.Feed.Current[1].State);
        var part = rig.Rig.Health.Snapshot.Single(one => one.Part == RecoveryNews.Part);
        Assert.Equal((PartState.Degraded, "slot 2 is quarantined"), (part.State, part.Text));
    }

    [Fact]
    public async Task Slot_that_is_released_is_healed_anew()
    {
        await using var rig = await RecoveryRig.StartAsync();
        await rig.PassAsync(TimeSpan.FromMinutes(3));
        rig.Nodes.Run(Slot2, HangDepth.Hardware);
        await rig.PassUntilAsync(() => rig.Journal.Of(Slot2).Quarantine is not null, Hour);
        rig.Nodes.Run(Slot2, HangDepth.Kernel);
        rig.Nodes.Done.Clear();

        rig.Ledger.Release(Slot2);
        await rig.PassUntilAsync(() => rig.Rig.Feed.Current[1].State == SlotState.Active, Hour);

        Assert.Equal(["cut 2", "boot 2"], rig.Nodes.Done);
    }

    [Fact]
    public async Task Node_that_falls_ill_again_and_again_uses_up_its_steps_of_a_day_and_a_restart_of_the_role_gives_it_no_more()
    {
        await using var rig = await RecoveryRig.StartAsync();
        rig.Ledger.Update(RecoveryPolicy.Default with { DailySteps = 3 }, "");
        await rig.PassAsync(TimeSpan.FromMinutes(3));

        for (var time = 0; time < 4; time++)
        {
            rig.Nodes.Run(Slot2, HangDepth.Role);
            await rig.PassUntilAsync(() => rig.Journal.Of(Slot2).Quarantine is not null || rig.Nodes.Done.Count > time, Hour);
            await rig.PassAsync(TimeSpan.FromMinutes(15));
            await rig.RestartAsync();
        }

        Assert.Equal(["restart 2", "restart 2", "restart 2"], rig.Nodes.Done);
        Assert.Equal("it has had the 3 steps of a day, and is Failed again", rig.Journal.Of(Slot2).Quarantine?.Reason);
    }

    [Fact]
    public async Task Second_node_waits_until_the_step_for_the_first_has_had_its_time()
    {
        await using var rig = await RecoveryRig.StartAsync();
        await rig.PassAsync(TimeSpan.FromMinutes(3));

        rig.Nodes.Run(Slot1, HangDepth.Hardware);
        rig.Nodes.Run(Slot2, HangDepth.Kernel);
        await rig.PassUntilAsync(() => rig.Nodes.Done.Count == 4, Hour);

        Assert.Equal(["cut 1", "boot 1", "cut 2", "boot 2"], rig.Nodes.Done);
        var (first, second) = (Assert.Single(rig.Journal.Of(Slot1).Steps), Assert.Single(rig.Journal.Of(Slot2).Steps));
        Assert.Equal("it did not help within 210 s", first.Outcome);
        Assert.True(first.EndTime <= second.Time);
    }

    [Fact]
    public async Task Slot_that_was_switched_off_by_people_is_not_revived()
    {
        await using var rig = await RecoveryRig.StartAsync();
        await rig.PassAsync(TimeSpan.FromMinutes(3));

        var off = rig.Rig.Control.PowerOffAsync(new SlotOrder(Slot2, "spiffe://home/operator/alice") { Cut = true }, TestContext.Current.CancellationToken);
        await off;
        await rig.PassAsync(Hour);

        Assert.Equal(["cut 2"], rig.Nodes.Done);
        Assert.Empty(rig.Audit);
        Assert.Equal("it was switched off", rig.Ledger.TextOf(Slot2));
    }

    [Fact]
    public async Task Nothing_is_done_while_a_nodes_rules_await_their_confirmation_nor_before_they_have_gone_back()
    {
        await using var rig = await RecoveryRig.StartAsync();
        await rig.PassAsync(TimeSpan.FromMinutes(3));
        var deadline = rig.Clock.GetUtcNow() + TimeSpan.FromMinutes(20);
        rig.Nodes.Commit = (Slot1, deadline);
        await rig.LookAsync();

        // The change itself may be what locks the Bmc role out.
        rig.Nodes.Run(Slot1, HangDepth.Kernel);
        await rig.PassUntilAsync(() => rig.Nodes.Done.Contains("cut 1"), Hour);

        Assert.True(rig.Journal.Of(Slot1).Steps[0].Time >= deadline);
    }

    [Fact]
    public async Task Nothing_is_done_during_a_flash()
    {
        await using var rig = await RecoveryRig.StartAsync();
        await rig.PassAsync(TimeSpan.FromMinutes(3));
        rig.Nodes.Run(Slot2, HangDepth.Kernel);

        using (rig.Rig.Marks.Flash(Slot1, "Image debian is being written."))
        {
            await rig.PassAsync(TimeSpan.FromMinutes(10));
            Assert.Empty(rig.Nodes.Done);
            Assert.Equal("power cycle waits: slot 1 is flashed", rig.Ledger.TextOf(Slot2));
        }

        await rig.PassUntilAsync(() => rig.Nodes.Done.Contains("cut 2"), Hour);
    }

    [Fact]
    public async Task Board_that_was_away_has_to_answer_for_a_while_before_anything_is_done()
    {
        await using var rig = await RecoveryRig.StartAsync();
        await rig.PassAsync(TimeSpan.FromMinutes(3));
        rig.Nodes.Run(Slot2, HangDepth.Role);
        await rig.PassUntilAsync(() => rig.Ledger.TextOf(Slot2).StartsWith("it is Failed since", StringComparison.Ordinal), Hour);
        rig.Board.Board.Faults.Silent = true;
        await rig.LookAsync();
        rig.Board.Board.Faults.Silent = false;
        var back = rig.Clock.GetUtcNow();

        await rig.PassUntilAsync(() => rig.Nodes.Done.Contains("restart 2"), Hour);

        Assert.True(rig.Journal.Of(Slot2).Steps[0].Time >= back + rig.Options.BoardTime);
    }

    [Fact]
    public async Task Restart_of_the_boards_daemon_that_nobody_saw_is_waited_out_all_the_same()
    {
        await using var rig = await RecoveryRig.StartAsync();
        await rig.PassAsync(TimeSpan.FromMinutes(3));
        rig.Nodes.Run(Slot2, HangDepth.Role);
        await rig.PassUntilAsync(() => rig.Ledger.TextOf(Slot2).StartsWith("it is Failed since", StringComparison.Ordinal), Hour);

        await rig.Board.Board.RestartDaemonAsync(orderly: true, TimeSpan.Zero, TestContext.Current.CancellationToken);
        await rig.PassUntilAsync(() => rig.Nodes.Done.Contains("restart 2"), Hour);

        Assert.True(rig.Journal.Of(Slot2).Steps[0].Time >= rig.Rig.Daemon.LastRestart + rig.Options.BoardTime);
    }

    [Fact]
    public async Task Slot_that_somebody_works_at_is_waited_for()
    {
        await using var rig = await RecoveryRig.StartAsync();
        await rig.PassAsync(TimeSpan.FromMinutes(3));
        rig.Nodes.Run(Slot2, HangDepth.Kernel);

        using (rig.Rig.Leases.Take(Slot2, "power off", "spiffe://home/operator/alice"))
        {
            await rig.PassAsync(TimeSpan.FromMinutes(5));
        }

        Assert.Empty(rig.Nodes.Done);
        Assert.Empty(rig.Audit);
        Assert.Equal("power cycle waits: another order for it, or a flash, is under way", rig.Ledger.TextOf(Slot2));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("hosted")]
    [InlineData("excluded")]
    [InlineData("disabled")]
    public async Task Slot_that_is_none_of_its_business_is_never_touched(string why)
    {
        await using var rig = await RecoveryRig.StartAsync(slots =>
        {
            slots.Slot2.Node = why == "none" ? "" : slots.Slot2.Node;
            slots.HostedOn = why == "hosted" ? 2 : 0;
        });
        rig.Ledger.Update(RecoveryPolicy.Default with { Disabled = why == "disabled", ExcludedSlots = why == "excluded" ? [2] : [] }, "");
        await rig.PassAsync(TimeSpan.FromMinutes(3));

        rig.Nodes.Run(Slot2, HangDepth.Kernel);
        await rig.PassAsync(Hour);

        Assert.Empty(rig.Nodes.Done);
        Assert.Empty(rig.Audit);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(null)]
    public async Task Critical_slot_whose_machine_may_still_run_is_not_cut(bool? echoes)
    {
        await using var rig = await RecoveryRig.StartAsync(slots => slots.Slot2.Critical = true);
        await rig.PassAsync(TimeSpan.FromMinutes(3));
        rig.Nodes.Echoes = echoes;

        rig.Nodes.Run(Slot2, HangDepth.Kernel);
        await rig.PassAsync(Hour);

        Assert.Empty(rig.Nodes.Done);
        Assert.Contains("power cycle: the slot is critical", rig.Ledger.TextOf(Slot2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Critical_slot_that_is_dead_for_sure_is_cut()
    {
        await using var rig = await RecoveryRig.StartAsync(slots => slots.Slot2.Critical = true);
        await rig.PassAsync(TimeSpan.FromMinutes(3));

        rig.Nodes.Run(Slot2, HangDepth.Kernel);
        await rig.PassUntilAsync(() => rig.Rig.Feed.Current[1].State == SlotState.Active && !rig.Nodes.Done.IsEmpty, Hour);

        Assert.Equal(["cut 2", "boot 2"], rig.Nodes.Done);
    }

    [Fact]
    public async Task Slot_that_a_kill_left_cut_is_switched_on_by_the_next_life()
    {
        await using var rig = await RecoveryRig.StartAsync();
        await rig.PassAsync(TimeSpan.FromMinutes(3));
        rig.Nodes.Run(Slot2, HangDepth.Kernel);
        await rig.PassUntilAsync(() => rig.Ledger.TextOf(Slot2).StartsWith("it is Unreachable since", StringComparison.Ordinal), Hour);

        // As far as the step was written down and its first half done when the role was killed.
        rig.Ledger.Begin(Slot2, new LadderDecision(LadderMove.Step, "silent") { Rung = Rung.PowerCycle });
        await rig.CutAsync(Slot2);
        await rig.RestartAsync();
        await rig.PassUntilAsync(() => rig.Rig.Feed.Current[1].State == SlotState.Active, Hour);

        Assert.Equal(["cut 2", "boot 2"], rig.Nodes.Done);
        Assert.Contains("RecoverSlot slot_number=2 step=power-on", rig.Audit);
    }

    [Fact]
    public async Task Steps_of_a_day_come_after_longer_and_longer_pauses()
    {
        await using var rig = await RecoveryRig.StartAsync();
        rig.Options.StableTime = TimeSpan.FromSeconds(10);
        await rig.PassAsync(TimeSpan.FromMinutes(3));

        for (var time = 1; time <= 4; time++)
        {
            rig.Nodes.Run(Slot2, HangDepth.Role);
            await rig.PassUntilAsync(() => rig.Nodes.Done.Count == time, Hour);
            await rig.PassUntilAsync(() => !rig.Journal.Of(Slot2).Episode.Any(), Hour);
        }

        var times = rig.Journal.Of(Slot2).Steps.Select(step => step.Time).ToList();
        var pauses = times.Zip(times.Skip(1), (before, after) => after - before).ToList();
        Assert.True(pauses[1] >= 2 * rig.Options.FirstPause && pauses[2] >= 4 * rig.Options.FirstPause, string.Join(", ", pauses));
    }

    [Fact]
    public async Task Node_that_is_well_when_it_is_asked_once_more_is_left_alone()
    {
        await using var rig = await RecoveryRig.StartAsync();
        await rig.PassAsync(TimeSpan.FromMinutes(3));

        for (var look = 0; look < 60; look++)
        {
            rig.Nodes.Run(Slot2, HangDepth.Role);
            await rig.LookAsync(() => rig.Nodes.Run(Slot2));
        }

        Assert.Empty(rig.Nodes.Done);
        Assert.Empty(rig.Audit);
    }

    [Fact]
    public async Task Step_that_cannot_be_written_down_is_not_taken()
    {
        await using var rig = await RecoveryRig.StartAsync();
        await rig.PassAsync(TimeSpan.FromMinutes(3));
        rig.Nodes.Run(Slot2, HangDepth.Role);
        // Whoever runs the tests may be root, whom no mode keeps from writing; a folder in the file's place does.
        Directory.CreateDirectory($"{rig.JournalPath}.part");

        await Assert.ThrowsAsync<BusyException>(() => rig.PassAsync(TimeSpan.FromMinutes(10)));

        Assert.Empty(rig.Nodes.Done);
    }

    [Fact]
    public async Task Book_of_another_form_disables_recovery_and_says_so()
    {
        await using var rig = await RecoveryRig.StartAsync();
        await File.WriteAllTextAsync(rig.JournalPath, "{\"Revision\":", TestContext.Current.CancellationToken);

        await rig.RestartAsync();
        await rig.PassAsync(TimeSpan.FromMinutes(3));
        rig.Nodes.Run(Slot2, HangDepth.Kernel);
        await rig.PassAsync(Hour);

        Assert.Empty(rig.Nodes.Done);
        Assert.Contains(rig.Told, text => text.StartsWith("Error ", StringComparison.Ordinal) && text.Contains("Recovery is disabled", StringComparison.Ordinal));
    }
}
