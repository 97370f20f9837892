using System.Text;
using Appliance.Bmc.Board;
using Appliance.Bmc.Simulation;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Slots;

public sealed class ConsoleHubTests
{
    private static readonly SlotNumber Slot1 = SlotNumber.All[0];

    [Theory]
    [InlineData(BoardGeneration.Second)]
    [InlineData(BoardGeneration.Fourth)]
    public async Task Watcher_gets_what_is_held_and_then_what_comes_once(object generation)
    {
        var clock = new FakeTimeProvider();
        var board = new PretendBoard();
        board.Facts = board.Facts with { Generation = (BoardGeneration)generation };
        board.Consoles[Slot1] = "Starting kernel ...\r\n";
        using var rig = new SlotRig(board, clock);
        await rig.Consoles.ReadAsync(Slot1, TestContext.Current.CancellationToken);
        await using var watch = rig.Consoles.WatchAsync(Slot1, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        await watch.MoveNextAsync();
        var held = watch.Current;
        var next = watch.MoveNextAsync();
        board.Consoles[Slot1] += "slot1 login: ";
        await rig.Consoles.LookAsync(TestContext.Current.CancellationToken);
        await next;

        Assert.Equal([new("Starting kernel ...\r\n", false), new("slot1 login: ", false)], new[] { held, watch.Current });
    }

    [Fact]
    public async Task Watcher_that_joins_late_gets_the_last_64_kib()
    {
        var board = new PretendBoard();
        board.Facts = board.Facts with { Generation = BoardGeneration.Second };
        using var rig = new SlotRig(board, TimeProvider.System);
        for (var part = 0; part < 100; part++)
        {
            board.Consoles[Slot1] = $"{part:000}{new string('.', 997)}";
            await rig.Consoles.ReadAsync(Slot1, TestContext.Current.CancellationToken);
        }

        var history = rig.Consoles.History(Slot1);

        Assert.Equal(64 * 1024, history.Length);
        Assert.EndsWith($"099{new string('.', 997)}", history, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watcher_that_does_not_keep_up_is_cut_off()
    {
        var board = new PretendBoard();
        board.Facts = board.Facts with { Generation = BoardGeneration.Second };
        board.Consoles[Slot1] = "first";
        using var rig = new SlotRig(board, TimeProvider.System);
        await using var watch = rig.Consoles.WatchAsync(Slot1, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await watch.MoveNextAsync();

        for (var part = 0; part < 65; part++)
        {
            board.Consoles[Slot1] = "more";
            await rig.Consoles.ReadAsync(Slot1, TestContext.Current.CancellationToken);
        }

        var error = await Assert.ThrowsAsync<LimitExceededException>(async () =>
        {
            while (await watch.MoveNextAsync())
            {
            }
        });
        Assert.Equal("SLOW_READER", error.Reason);
    }

    [Fact]
    public async Task Console_of_a_silent_board_is_refused_in_words()
    {
        var board = new PretendBoard { OnCall = () => throw new UnreachableException("The board is away.") };
        using var rig = new SlotRig(board, TimeProvider.System);
        await using var watch = rig.Consoles.WatchAsync(Slot1, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<UnreachableException>(async () => await watch.MoveNextAsync());

        Assert.Equal("The board is away.", error.Message);
    }

    [Fact]
    public async Task What_the_console_shows_makes_evidence_and_the_module()
    {
        var clock = new FakeTimeProvider();
        var board = new PretendBoard();
        using var rig = new SlotRig(board, clock, new SlotOptions { Slot3 = new SlotLabel { Module = "rk1" } });
        await rig.Monitor.RefreshAsync(TestContext.Current.CancellationToken);
        board.Consoles[Slot1] = "Machine model: Raspberry Pi Compute Module 4 Rev 1.1\r\n";
        board.Consoles[SlotNumber.All[2]] = "Model: Raspberry Pi Compute Module 4\r\n";
        await rig.Consoles.LookAsync(TestContext.Current.CancellationToken);

        board.Consoles[Slot1] += "[    2.1] Kernel panic - not syncing: VFS\r\n";
        clock.Advance(TimeSpan.FromSeconds(11));
        await rig.Consoles.LookAsync(TestContext.Current.CancellationToken);
        var slots = await rig.Monitor.RefreshAsync(TestContext.Current.CancellationToken);

        Assert.Equal(("cm4", SlotState.Failed), (slots[0].Module, slots[0].State));
        Assert.Equal(["Its console shows: [    2.1] Kernel panic - not syncing: VFS"], slots[0].Evidence);
        Assert.Equal("rk1", slots[2].Module);
        Assert.Contains("The configuration says rk1, its console says cm4.", slots[2].Evidence);
    }

    [Fact]
    public async Task Console_that_nobody_watches_is_read_now_and_then_and_only_of_a_slot_that_is_on()
    {
        var clock = new FakeTimeProvider();
        var reads = 0;
        var board = new PretendBoard();
        using var rig = new SlotRig(board, clock);
        foreach (var slot in new[] { 2, 3, 4 })
        {
            board.Power(slot, false);
        }

        await rig.Monitor.RefreshAsync(TestContext.Current.CancellationToken);
        board.OnCall = () => reads++;

        for (var second = 0; second < 30; second++)
        {
            await rig.Consoles.LookAsync(TestContext.Current.CancellationToken);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(3, reads);
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("2.0.5")]
    [InlineData("2.3.4")]
    [InlineData("2.3.7")]
    public async Task Every_byte_is_followed_once_on_every_generation(string profile)
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { Profile = BoardProfiles.Find(profile)!, StoredPower = 0b0001 });
        using var rig = new SlotRig(board.Client(), TimeProvider.System);
        await rig.Consoles.ReadAsync(Slot1, TestContext.Current.CancellationToken);
        var booted = rig.Consoles.History(Slot1);
        var written = new StringBuilder();

        for (var part = 0; part < 10; part++)
        {
            var text = string.Concat(Enumerable.Range(part * 500, 500).Select(number => $"{number} \u00fc\u20ac\r\n"));
            board.Board.Hardware.Console(0).Write(Encoding.UTF8.GetBytes(text));
            written.Append(text);
            await rig.Consoles.ReadAsync(Slot1, TestContext.Current.CancellationToken);
            await rig.Consoles.ReadAsync(Slot1, TestContext.Current.CancellationToken);
        }

        // 43 KB of UTF-8: the board's 16 KiB wrapped twice, the 64 KiB kept here did not.
        Assert.Contains("Starting kernel", booted, StringComparison.Ordinal);
        Assert.Equal($"{booted}{written}", rig.Consoles.History(Slot1));
    }
}
