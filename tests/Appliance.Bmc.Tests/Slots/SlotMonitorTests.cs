using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Health;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Slots;

public sealed class SlotMonitorTests
{
    private static readonly SlotNumber Slot1 = SlotNumber.All[0];

    private static readonly SlotLabel Router = new() { Name = "router", Node = "192.0.2.1", Roles = ["router"] };

    [Fact]
    public async Task Names_from_the_configuration_go_before_the_boards_notes()
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { StoredPower = 0b0001 });
        await board.LogInAsync();
        (await board.Raw.PostAsync(
            "/api/bmc?opt=set&type=node_info",
            TestBoard.Json("""{"Node1":{"name":"one","module_name":"m1"},"Node2":{"name":"two","module_name":"m2"}}"""),
            TestContext.Current.CancellationToken)).Dispose();
        var options = new SlotOptions { Slot1 = new SlotLabel { Name = "router", Module = "cm4" } };
        using var rig = new SlotRig(board.Client(), TimeProvider.System, options);

        var slots = await rig.Monitor.RefreshAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            [("router", "cm4", SlotState.Powered), ("two", "m2", SlotState.Off), ("", "", SlotState.Off), ("", "", SlotState.Off)],
            slots.Select(slot => (slot.Name, slot.Module, slot.State)));
    }

    [Fact]
    public async Task Silent_board_makes_all_slots_unreachable_and_the_part_degraded_until_it_answers()
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { StoredPower = 0b0001 });
        using var rig = new SlotRig(board.Client(), TimeProvider.System, new SlotOptions { Slot1 = new SlotLabel { Name = "router" } });
        await rig.Monitor.ObserveAsync(TestContext.Current.CancellationToken);
        var healthy = rig.BoardPart;
        await board.Board.RestartDaemonAsync(orderly: true, TimeSpan.Zero, TestContext.Current.CancellationToken);

        using var blind = new SlotRig(board.Client(fingerprint: new string('0', 64)), TimeProvider.System);
        var silent = await blind.Monitor.ObserveAsync(TestContext.Current.CancellationToken);
        var again = await rig.Monitor.ObserveAsync(TestContext.Current.CancellationToken);

        Assert.Equal((PartState.Healthy, "answers, daemon 2.3.7"), (healthy!.State, healthy.Text));
        Assert.All(silent, slot => Assert.Equal(SlotState.Unreachable, slot.State));
        Assert.Equal(PartState.Degraded, blind.BoardPart!.State);
        Assert.Contains("pinned is 0000", blind.BoardPart.Text, StringComparison.Ordinal);
        Assert.Equal(SlotState.Powered, again[0].State);
    }

    [Fact]
    public async Task Names_stay_while_the_board_is_silent()
    {
        var answers = true;
        await using var board = await ScriptedBoard.StartAsync(context => !answers
            ? ScriptedBoard.Always("<html>", "text/html")(context)
            : context.Request.Query["type"].ToString() switch
            {
                "about" => ScriptedBoard.Always("""{"response":[{"result":{"version":"2.1.0","bmcd_version":"2.3.7"}}]}""")(context),
                "power" => ScriptedBoard.Always("""{"response":[{"result":[{"node1":"1"}]}]}""")(context),
                _ => ScriptedBoard.Always("""{"response":[{"result":[{"name":"a","power_on_time":5},{"name":"b"},{"name":"c"},{"name":"d"}]}]}""")(context),
            });
        using var rig = new SlotRig(board.Client, TimeProvider.System);
        await rig.Monitor.RefreshAsync(TestContext.Current.CancellationToken);

        answers = false;
        await Assert.ThrowsAsync<UnreachableException>(() => rig.Monitor.RefreshAsync(TestContext.Current.CancellationToken));

        Assert.Equal(["a", "b", "c", "d"], rig.Feed.Current.Select(slot => slot.Name));
        Assert.Equal((false, "2.3.7"), (rig.Monitor.Board.Answers, rig.Monitor.Board.Facts?.DaemonVersion));
        Assert.Null(rig.Feed.Current[0].Uptime);
    }

    [Fact]
    public async Task Silent_board_is_looked_at_less_and_less()
    {
        var clock = new FakeTimeProvider();
        await using var board = await ScriptedBoard.StartAsync(ScriptedBoard.Always("<html>", "text/html"), clock);
        using var rig = new SlotRig(board.Client, clock);
        List<TimeSpan> looks = [];

        await rig.Monitor.StartAsync(TestContext.Current.CancellationToken);
        for (var look = 1; look <= 6; look++)
        {
            await Clocks.AdvanceUntilAsync(clock, TimeSpan.FromMilliseconds(500), () => board.Requests >= look);
            looks.Add(clock.GetUtcNow() - clock.Start);
        }

        await rig.Monitor.StopAsync(TestContext.Current.CancellationToken);

        // 10, 20, 40 and then 60 s apart; the clock runs on a little while each look is under way.
        var pauses = looks.Zip(looks.Skip(1), (before, after) => (after - before).TotalSeconds).ToList();
        Assert.InRange(pauses[0], 9, 18);
        Assert.InRange(pauses[1], 19, 35);
        Assert.InRange(pauses[2], 39, 58);
        Assert.All(pauses[3..], pause => Assert.InRange(pause, 59, 90));
    }

    [Fact]
    public async Task Answering_board_is_looked_at_steadily()
    {
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock);
        using var rig = new SlotRig(board.Client(), clock);
        await rig.Monitor.StartAsync(TestContext.Current.CancellationToken);
        await Clocks.UntilAsync(() => rig.BoardPart?.State == PartState.Healthy);

        await board.Board.Hardware.ActivateAsync(0b0100, 0b0100, TestContext.Current.CancellationToken);
        await Clocks.AdvanceUntilAsync(clock, TimeSpan.FromSeconds(1), () => rig.Feed.Current[2].State == SlotState.Powered);
        await rig.Monitor.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, board.Board.Daemon.LogIns);
    }

    [Fact]
    public async Task Board_is_asked_for_its_facts_once_and_again_after_an_outage()
    {
        var (facts, answers) = (0, true);
        await using var board = await ScriptedBoard.StartAsync(context =>
        {
            if (context.Request.Query["type"] == "about")
            {
                facts++;
                return ScriptedBoard.Always("""{"response":[{"result":{"version":"2.0.5"}}]}""")(context);
            }

            return answers
                ? ScriptedBoard.Always("""{"response":[{"result":[{"node1":"1"}]}]}""")(context)
                : ScriptedBoard.Always("{}", status: StatusCodes.Status500InternalServerError)(context);
        });
        using var rig = new SlotRig(board.Client, TimeProvider.System);

        await rig.Monitor.ObserveAsync(TestContext.Current.CancellationToken);
        await rig.Monitor.ObserveAsync(TestContext.Current.CancellationToken);
        var steady = facts;
        answers = false;
        await rig.Monitor.ObserveAsync(TestContext.Current.CancellationToken);
        answers = true;
        await rig.Monitor.ObserveAsync(TestContext.Current.CancellationToken);

        Assert.Equal((1, 2), (steady, facts));
    }

    [Fact]
    public async Task Slot_goes_from_booting_to_active_when_its_node_answers()
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { StoredPower = 0b0001 });
        var nodes = new PretendNodes();
        nodes.Say(Slot1, NodeReading.Silent("router at 192.0.2.1:7443: Unavailable"));
        using var rig = new SlotRig(board.Client(), TimeProvider.System, new SlotOptions { Slot1 = Router }, nodes);

        await rig.Nodes.AskAllAsync(TestContext.Current.CancellationToken);
        var silent = await rig.Monitor.RefreshAsync(TestContext.Current.CancellationToken);
        nodes.Say(Slot1, PretendNodes.Running("1.2.3"));
        await rig.Nodes.AskAllAsync(TestContext.Current.CancellationToken);
        var answering = await rig.Monitor.RefreshAsync(TestContext.Current.CancellationToken);

        Assert.Equal((SlotState.Booting, ""), (silent[0].State, silent[0].Version));
        Assert.Equal((SlotState.Active, "1.2.3", true), (answering[0].State, answering[0].Version, answering[0].Power));
    }

    [Fact]
    public async Task Board_that_takes_an_upload_is_not_asked_and_not_silent()
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { StoredPower = 0b0101 });
        using var rig = new SlotRig(board.Client(), TimeProvider.System);
        await rig.Monitor.RefreshAsync(TestContext.Current.CancellationToken);

        await board.Board.DisposeAsync();
        IReadOnlyList<Slot> slots;
        using (rig.Marks.Flash(Slot1, "Image debian is being written."))
        using (rig.Marks.Occupy("It takes an upload for slot 1."))
        {
            slots = await rig.Monitor.ObserveAsync(TestContext.Current.CancellationToken);
        }

        var after = await rig.Monitor.ObserveAsync(TestContext.Current.CancellationToken);

        Assert.Equal([SlotState.Flashing, SlotState.Off, SlotState.Powered, SlotState.Off], slots.Select(slot => slot.State));
        Assert.Equal(["Image debian is being written."], slots[0].Evidence);
        Assert.All(after, slot => Assert.Equal(SlotState.Unreachable, slot.State));
    }

    [Fact]
    public async Task Slot_that_is_set_aside_stays_so_until_released()
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { StoredPower = 0b0001 });
        using var rig = new SlotRig(board.Client(), TimeProvider.System);

        rig.Marks.Quarantine(Slot1, "Six steps today did not help.");
        var aside = await rig.Monitor.RefreshAsync(TestContext.Current.CancellationToken);
        rig.Marks.Release(Slot1);
        var released = await rig.Monitor.RefreshAsync(TestContext.Current.CancellationToken);

        Assert.Equal((SlotState.Quarantined, SlotState.Powered), (aside[0].State, released[0].State));
        Assert.Equal(["Six steps today did not help."], aside[0].Evidence);
    }

    [Fact]
    public async Task Flash_that_found_no_module_stays_in_the_evidence_until_one_succeeds()
    {
        var board = new PretendBoard();
        using var rig = new SlotRig(board, TimeProvider.System);

        rig.Marks.NoteRefusal(Slot1, "The board finds no module in slot 1.");
        var refused = await rig.Monitor.RefreshAsync(TestContext.Current.CancellationToken);
        rig.Marks.NoteRefusal(Slot1, "");
        var taken = await rig.Monitor.RefreshAsync(TestContext.Current.CancellationToken);

        Assert.Equal("When it was flashed last: The board finds no module in slot 1.", refused[0].Evidence[^1]);
        Assert.Single(taken[0].Evidence);
    }
}
