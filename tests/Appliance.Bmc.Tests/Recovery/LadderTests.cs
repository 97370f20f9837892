using Appliance.Bmc.Board;
using Appliance.Bmc.Recovery;
using Appliance.Bmc.Slots;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Tests.Recovery;

public sealed class LadderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private static readonly SlotNumber Slot2 = SlotNumber.All[1];
    private static readonly RecoveryPolicy All = RecoveryPolicy.Default with { ReflashAllowed = true };

    private readonly RecoveryOptions _options = new();

    [Fact]
    public void Node_that_takes_orders_begins_with_its_role()
    {
        var decision = Decide(Answering(), new SlotRecovery(2));

        Assert.Equal((LadderMove.Step, Rung.RestartRole), (decision.Move, decision.Rung));
    }

    [Fact]
    public void Node_that_takes_none_begins_with_its_power()
    {
        var decision = Decide(Silent(), new SlotRecovery(2));

        Assert.Equal((LadderMove.Step, Rung.PowerCycle), (decision.Move, decision.Rung));
    }

    [Theory]
    [InlineData(0, nameof(LadderMove.Step))]
    [InlineData(1, nameof(LadderMove.Wait))]
    public void Patience_is_had_to_its_end(int secondsLeft, string move)
    {
        var patient = Silent() with { IllSince = Now - _options.Patience + TimeSpan.FromSeconds(secondsLeft) };

        Assert.Equal(move, Decide(patient, new SlotRecovery(2)).Move.ToString());
    }

    [Theory]
    [InlineData(nameof(Rung.RestartRole), 60, nameof(LadderMove.Wait))]
    [InlineData(nameof(Rung.RestartRole), 61, nameof(LadderMove.EndStep))]
    [InlineData(nameof(Rung.PowerCycle), 209, nameof(LadderMove.Wait))]
    [InlineData(nameof(Rung.PowerCycle), 211, nameof(LadderMove.EndStep))]
    public void Step_has_its_time_from_when_it_was_carried_out(string rung, int seconds, string move)
    {
        var done = Now - TimeSpan.FromSeconds(seconds) + TimeSpan.FromMilliseconds(500);
        var recovery = new SlotRecovery(2).Add(new RecoveryStep(done - TimeSpan.FromMinutes(20), Enum.Parse<Rung>(rung), "") { DoneTime = done });

        Assert.Equal(move, Decide(Silent(), recovery).Move.ToString());
    }

    [Fact]
    public void Reflash_that_waited_for_an_admin_has_its_time_from_when_that_ended()
    {
        var recovery = new SlotRecovery(2).Add(new RecoveryStep(Now - TimeSpan.FromHours(1), Rung.Reflash, "") { DoneTime = Now - TimeSpan.FromMinutes(50) });

        var decision = Decide(Silent() with { FlashedTime = Now - TimeSpan.FromSeconds(1) }, recovery);

        Assert.Equal(LadderMove.Wait, decision.Move);
    }

    [Fact]
    public void Step_that_is_open_ends_in_its_time_also_where_the_policy_was_disabled_meanwhile()
    {
        var recovery = new SlotRecovery(2).Add(new RecoveryStep(Now - TimeSpan.FromHours(1), Rung.PowerCycle, ""));

        var decision = Decide(Silent(), recovery, All with { Disabled = true });

        Assert.Equal(LadderMove.EndStep, decision.Move);
    }

    [Fact]
    public void Answer_from_before_the_step_is_no_proof_of_it()
    {
        var recovery = new SlotRecovery(2).Add(new RecoveryStep(Now, Rung.RestartRole, ""));

        Assert.Equal(LadderMove.Wait, Decide(Well(since: Now - TimeSpan.FromMinutes(1), asked: Now - TimeSpan.FromSeconds(1)), recovery).Move);
        Assert.Equal(LadderMove.EndStep, Decide(Well(since: Now, asked: Now + TimeSpan.FromSeconds(1)), recovery).Move);
    }

    [Fact]
    public void Illness_that_comes_back_goes_on_where_the_ladder_stopped()
    {
        var recovery = Ended(Rung.RestartRole, TimeSpan.FromMinutes(9));

        var decision = Decide(Answering(), recovery);

        Assert.Equal((LadderMove.Step, Rung.Reboot), (decision.Move, decision.Rung));
    }

    [Fact]
    public void Illness_after_a_recovery_begins_with_the_first_step()
    {
        var recovery = Ended(Rung.PowerCycle, TimeSpan.FromHours(2)) with { EpisodeStart = Now - TimeSpan.FromHours(1) };

        Assert.Equal(Rung.RestartRole, Decide(Answering(), recovery).Rung);
    }

    [Fact]
    public void Steps_older_than_a_day_count_no_more()
    {
        var policy = All with { DailySteps = 1 };

        Assert.Equal(LadderMove.Quarantine, Decide(Answering(), Ended(Rung.RestartRole, TimeSpan.FromHours(23)), policy).Move);
        Assert.Equal(LadderMove.Step, Decide(Answering(), Ended(Rung.RestartRole, TimeSpan.FromHours(25)), policy).Move);
    }

    [Fact]
    public void Slot_that_no_step_was_taken_for_is_not_set_aside_for_want_of_one()
    {
        var decision = Decide(Silent(), new SlotRecovery(2), All with { PowerCycleAllowed = false, ReflashAllowed = false });

        Assert.Equal(LadderMove.Wait, decision.Move);
        Assert.Equal(
            "no step is left (role restart: the node takes no orders; reboot: the node takes no orders; power cycle: the policy does not allow it; reflash: the policy does not allow it)",
            decision.Text);
    }

    [Fact]
    public void Flash_of_a_slot_that_never_proved_an_image_is_not_written()
    {
        var decision = Decide(Silent(), Ended(Rung.PowerCycle, TimeSpan.FromMinutes(9)));

        Assert.Equal((LadderMove.Quarantine, "power cycle did not help, and no step is left (reflash: no image is known that ran in it)"), (decision.Move, decision.Text));
        Assert.Equal(Rung.Reflash, Decide(Silent() with { HasImage = true }, Ended(Rung.PowerCycle, TimeSpan.FromMinutes(9))).Rung);
    }

    [Theory]
    [InlineData(29, nameof(LadderMove.Wait))]
    [InlineData(30, nameof(LadderMove.Step))]
    public void Pause_grows_to_its_bound_and_no_further(int minutesAgo, string move)
    {
        var steps = Enumerable.Range(0, 40).Select(step => new RecoveryStep(Now - TimeSpan.FromMinutes(minutesAgo + 39 - step), Rung.RestartRole, "") { EndTime = Now });
        var recovery = new SlotRecovery(2) { EpisodeStart = Now, Steps = [.. steps] };

        Assert.Equal(move, Decide(Answering(), recovery, All with { DailySteps = 48 }).Move.ToString());
    }

    [Theory]
    [InlineData(nameof(SlotState.Off))]
    [InlineData(nameof(SlotState.Powered))]
    [InlineData(nameof(SlotState.Booting))]
    [InlineData(nameof(SlotState.Active))]
    [InlineData(nameof(SlotState.Flashing))]
    [InlineData(nameof(SlotState.Quarantined))]
    public void Slot_in_another_state_is_not_ill(string state)
    {
        Assert.False(Patient.IsIll(Seen(Enum.Parse<SlotState>(state)) with { Power = true }));
    }

    [Theory]
    [InlineData(nameof(SlotState.Failed))]
    [InlineData(nameof(SlotState.Unreachable))]
    public void Slot_of_which_the_board_does_not_say_that_it_is_on_is_not_ill(string state)
    {
        Assert.True(Patient.IsIll(Seen(Enum.Parse<SlotState>(state)) with { Power = true }));
        Assert.False(Patient.IsIll(Seen(Enum.Parse<SlotState>(state)) with { Power = false }));
        Assert.False(Patient.IsIll(Seen(Enum.Parse<SlotState>(state)) with { Power = null }));
    }

    private static Slot Seen(SlotState state) => new(Slot2, state, "logger", "cm4", null) { Power = true, DesiredPower = true, Evidence = ["The node does not answer."] };

    private static NodeSighting Sighting(NodeReading reading, DateTimeOffset time) => new(reading, time, null, null);

    private static Patient Silent() => new(Seen(SlotState.Unreachable), Sighting(NodeReading.Silent("timed out"), Now)) { IllSince = Now - TimeSpan.FromHours(1) };

    private static Patient Answering() =>
        new(Seen(SlotState.Failed), Sighting(PretendNodes.Running() with { FailedParts = ["logger: store"] }, Now)) { IllSince = Now - TimeSpan.FromHours(1) };

    private static Patient Well(DateTimeOffset since, DateTimeOffset asked) => new(Seen(SlotState.Active), Sighting(PretendNodes.Running(), asked)) { WellSince = since };

    private static SlotRecovery Ended(Rung rung, TimeSpan ago) =>
        new SlotRecovery(2).Add(new RecoveryStep(Now - ago, rung, "") { DoneTime = Now - ago }).EndStep(Now - ago, "it did not help");

    private LadderDecision Decide(Patient patient, SlotRecovery recovery, RecoveryPolicy? policy = null) =>
        new Ladder(Options.Create(_options), Options.Create(new SlotOptions())).Decide(patient, recovery, policy ?? All, Now);
}
