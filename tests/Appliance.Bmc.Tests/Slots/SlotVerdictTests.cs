using Appliance.Bmc.Slots;

namespace Appliance.Bmc.Tests.Slots;

public sealed class SlotVerdictTests
{
    private static readonly DateTimeOffset On = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan BootLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(15);

    [Fact]
    public void Slot_that_the_board_says_is_off_is_off() => AssertState(SlotState.Off, View(power: false), 60, "The board says off.");

    [Fact]
    public void Slot_without_a_node_is_powered_and_no_more() =>
        AssertState(SlotState.Powered, View() with { HasNode = false }, 600, "The board says on; the configuration names no node that could confirm it.");

    [Fact]
    public void Slot_whose_node_answers_is_active() => AssertState(SlotState.Active, View(Answer(60)), 60, "The node answers, version 1.0.0.");

    [Fact]
    public void Silent_node_has_its_time_to_boot() =>
        AssertState(SlotState.Booting, View(Silence(60)), 60, "It starts since 2026-05-01 12:00:00Z; its node has until 2026-05-01 12:03:00Z to answer.");

    [Fact]
    public void Answer_from_before_power_on_counts_for_nothing() =>
        AssertState(SlotState.Booting, View(Answer(-5)), 1, "It starts since 2026-05-01 12:00:00Z; its node has until 2026-05-01 12:03:00Z to answer.");

    [Fact]
    public void Node_that_did_not_come_up_in_time_is_unreachable() => AssertState(
        SlotState.Unreachable,
        View(Silence(200, pings: false)),
        200,
        "The board says on.",
        "The node has not answered: router at 192.0.2.1:7443: Unavailable.",
        "It answers no echo request.");

    [Fact]
    public void Machine_that_echoes_without_its_roles_has_failed() => AssertState(
        SlotState.Failed,
        View(Silence(200, pings: true, lastAnswer: 100)),
        200,
        "The node does not answer since 2026-05-01 12:01:40Z: router at 192.0.2.1:7443: Unavailable.",
        "It answers an echo request.");

    [Fact]
    public void One_lost_answer_changes_no_state() => AssertState(
        SlotState.Active,
        View(Silence(110, lastAnswer: 100)),
        110,
        "The node does not answer since 2026-05-01 12:01:40Z: router at 192.0.2.1:7443: Unavailable.",
        "Whether it answers an echo request is not known.");

    [Fact]
    public void Node_that_had_answered_is_not_booting_when_it_falls_silent() =>
        Assert.Equal(SlotState.Unreachable, Judge(View(Silence(120, pings: null, lastAnswer: 100)), 120).State);

    [Theory]
    [InlineData(10, SlotState.Active)]
    [InlineData(15, SlotState.Failed)]
    public void Failed_part_counts_once_it_lasts(int seconds, object state)
    {
        var node = Answer(60 + seconds) with { FailedSince = On.AddSeconds(60) };
        node = node with { Reading = node.Reading with { FailedParts = ["router: capture, no such interface"] } };

        AssertState((SlotState)state, View(node), 60 + seconds, "The node answers, version 1.0.0.", "Failed: router: capture, no such interface.");
    }

    [Fact]
    public void Node_that_answers_is_active_though_the_board_says_off() => AssertState(
        SlotState.Active,
        View(Answer(60), power: false),
        60,
        "The board says off, but the node answers: the board keeps what it was told and not what is, as after a reset.",
        "The node answers, version 1.0.0.");

    [Fact]
    public void Answer_that_was_under_way_at_the_cut_counts_for_nothing() => Assert.Equal(SlotState.Off, Judge(View(Answer(5), power: false), 6).State);

    [Fact]
    public void Node_that_answers_is_active_though_the_board_is_silent() => AssertState(
        SlotState.Active, View(Answer(60), power: null) with { BoardAnswers = false }, 60, "The board does not answer.", "The node answers, version 1.0.0.");

    [Fact]
    public void Nothing_is_known_while_neither_answers() => AssertState(
        SlotState.Unreachable, View(node: null, power: null) with { BoardAnswers = false, HasNode = false }, 60, "The board does not answer.");

    [Fact]
    public void Power_that_the_board_does_not_know_is_told() => AssertState(
        SlotState.Unreachable, View(node: null, power: null) with { HasNode = false }, 60, "The board does not know whether the slot is on.");

    [Fact]
    public void Console_that_shows_a_panic_makes_a_silent_node_failed() => AssertState(
        SlotState.Failed,
        View(Silence(30)) with { Console = new ConsoleSigns { Failure = "Kernel panic - not syncing: VFS", FailureTime = On.AddSeconds(20) } },
        30,
        "Its console shows: Kernel panic - not syncing: VFS",
        "The node has not answered: router at 192.0.2.1:7443: Unavailable.",
        "Whether it answers an echo request is not known.");

    [Fact]
    public void Panic_from_before_power_on_counts_for_nothing() => Assert.Equal(
        SlotState.Booting,
        Judge(View(Silence(30)) with { Console = new ConsoleSigns { Failure = "Kernel panic", FailureTime = On.AddSeconds(-20) } }, 30).State);

    [Fact]
    public void Slot_without_a_node_has_failed_when_its_console_shows_a_panic() => AssertState(
        SlotState.Failed,
        View() with { HasNode = false, Console = new ConsoleSigns { Failure = "Kernel panic", FailureTime = On.AddSeconds(20) } },
        30,
        "Its console shows: Kernel panic");

    [Fact]
    public void Node_whose_console_shows_a_start_after_its_last_answer_is_booting_again() => AssertState(
        SlotState.Booting,
        View(Silence(330, lastAnswer: 300)) with { Console = new ConsoleSigns { LastBoot = On.AddSeconds(310), LastOutput = On.AddSeconds(320) } },
        330,
        "It starts since 2026-05-01 12:05:10Z; its node has until 2026-05-01 12:08:10Z to answer.");

    [Theory]
    [InlineData(300, null, "Its console still prints.")]
    [InlineData(null, 290, "Its console shows that the system has shut down.")]
    public void Console_tells_more_of_a_silent_node(int? output, int? end, string told)
    {
        var signs = new ConsoleSigns { LastOutput = output is { } last ? On.AddSeconds(last) : null, End = end is { } ended ? On.AddSeconds(ended) : null };

        var verdict = Judge(View(Silence(320, lastAnswer: 200)) with { Console = signs }, 320);

        Assert.Equal(SlotState.Unreachable, verdict.State);
        Assert.Equal(told, verdict.Evidence[^1]);
    }

    [Theory]
    [InlineData(305, SlotState.Active)]
    [InlineData(330, SlotState.Booting)]
    [InlineData(500, SlotState.Unreachable)]
    public void Count_of_the_board_that_began_anew_makes_a_silent_node_booting_and_no_other(int seconds, object state)
    {
        var view = View(Silence(seconds, lastAnswer: 300)) with { CountedSince = On.AddSeconds(302) };

        Assert.Equal((SlotState)state, Judge(view, seconds).State);
        Assert.Equal(SlotState.Active, Judge(View(Answer(300)) with { CountedSince = On.AddSeconds(302) }, 303).State);
    }

    [Fact]
    public void Mark_goes_before_all_else() => AssertState(
        SlotState.Quarantined,
        View(Answer(60)) with { Mark = new SlotMark(SlotState.Quarantined, "Power was cycled 6 times today.") },
        60,
        "Power was cycled 6 times today.",
        "The node answers, version 1.0.0.");

    private static void AssertState(SlotState state, SlotView view, int seconds, params string[] evidence)
    {
        var verdict = Judge(view, seconds);

        Assert.Equal((state, string.Join('\n', evidence)), (verdict.State, string.Join('\n', verdict.Evidence)));
    }

    private static SlotVerdict Judge(SlotView view, int seconds) => SlotVerdict.Of(view, BootLimit, SilenceLimit, On.AddSeconds(seconds));

    private static SlotView View(NodeSighting? node = null, bool? power = true) => new(power, BoardAnswers: true, On, HasNode: true, node, Mark: null);

    private static NodeSighting Answer(int seconds) => new(PretendNodes.Running(), On.AddSeconds(seconds), On.AddSeconds(seconds), null);

    private static NodeSighting Silence(int seconds, bool? pings = null, int? lastAnswer = null) => new(
        NodeReading.Silent("router at 192.0.2.1:7443: Unavailable") with { Pings = pings },
        On.AddSeconds(seconds),
        lastAnswer is { } last ? On.AddSeconds(last) : null,
        null);
}
