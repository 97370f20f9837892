using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;
using Appliance.Tests.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Board;

public sealed class BoardSessionTests
{
    private static readonly SlotNumber Slot1 = SlotNumber.All[0];

    [Fact]
    public async Task Calls_at_once_log_in_once()
    {
        await using var board = await TestBoard.StartAsync();
        var client = board.Client();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.GetPowerAsync(TestContext.Current.CancellationToken)));

        Assert.Equal(1, board.Board.Daemon.LogIns);
    }

    [Fact]
    public async Task Only_one_request_is_in_flight()
    {
        var (inFlight, most) = (0, 0);
        await using var board = await ScriptedBoard.StartAsync(async context =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inFlight));
            await Task.Yield();
            Interlocked.Decrement(ref inFlight);
            await ScriptedBoard.Always("""{"response":[{"result":[{"node1":"1"}]}]}""")(context);
        });

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => board.Client.GetPowerAsync(TestContext.Current.CancellationToken)));

        Assert.Equal(1, most);
        Assert.Equal(20, board.Requests);
    }

    [Fact]
    public async Task Restarted_board_costs_one_refusal_and_one_log_in_however_many_call()
    {
        await using var board = await TestBoard.StartAsync();
        var client = board.Client();
        await client.GetPowerAsync(TestContext.Current.CancellationToken);
        await board.Board.RestartDaemonAsync(orderly: false, TimeSpan.Zero, TestContext.Current.CancellationToken);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.GetPowerAsync(TestContext.Current.CancellationToken)));

        Assert.Equal(1, board.Board.Daemon.LogIns);
        Assert.Equal(1 + 1 + 20, board.Board.Daemon.Requests);
    }

    [Fact]
    public async Task Expired_token_is_replaced_without_the_caller_knowing()
    {
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock);
        var client = board.Client();
        await client.GetPowerAsync(TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromHours(4));

        await client.SetPowerAsync(Slot1, true, TestContext.Current.CancellationToken);

        Assert.Equal(0b0001, board.Board.PoweredSlots);
        Assert.Equal(2, board.Board.Daemon.LogIns);
    }

    [Fact]
    public async Task Wrong_password_is_not_hammered()
    {
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock);
        var client = board.Client("wrong");

        var first = await RefusalAsync(client);
        for (var call = 0; call < 100; call++)
        {
            await RefusalAsync(client);
        }

        Assert.EndsWith("refuses user root with the password from memory: credentials incorrect", first, StringComparison.Ordinal);
        Assert.Equal(1, board.Board.Daemon.Requests);
    }

    [Fact]
    public async Task Wrong_password_never_brings_a_ban_however_long_it_stays_wrong()
    {
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock);
        var client = board.Client("wrong");

        var last = "";
        for (var hour = 0; hour < 72; hour++)
        {
            last = await RefusalAsync(client);
            clock.Advance(TimeSpan.FromHours(1));
        }

        // Two; the other two that the board allows are left for whoever corrects the password.
        Assert.Equal(2, board.Board.Daemon.LogIns);
        Assert.Contains("would ban this address next", last, StringComparison.Ordinal);
        using var stillAllowed = await board.PostLogInAsync("root", TestBoard.Password);
        Assert.True(stillAllowed.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Restarts_and_wrong_passwords_together_bring_no_ban_either()
    {
        var clock = new FakeTimeProvider();
        using var folder = new TempFolder();
        var file = folder.File("password");
        await File.WriteAllTextAsync(file, TestBoard.Password + "\n", TestContext.Current.CancellationToken);
        await using var board = await TestBoard.StartAsync(clock);
        var client = board.Client(BoardCredential.FromFile("root", file), board.Board.Fingerprint);
        await client.GetPowerAsync(TestContext.Current.CancellationToken);
        await board.Board.RestartDaemonAsync(orderly: true, TimeSpan.Zero, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, "wrong", TestContext.Current.CancellationToken);

        for (var hour = 0; hour < 72; hour++)
        {
            await RefusalAsync(client);
            clock.Advance(TimeSpan.FromHours(1));
        }

        // One token that a restart made void, and the wrong password twice: the fifth would ban.
        Assert.Equal(2, board.Board.Daemon.LogIns);
        using var stillAllowed = await board.PostLogInAsync("root", TestBoard.Password);
        Assert.True(stillAllowed.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Every_wrong_password_in_the_file_counts_and_the_fifth_is_not_tried()
    {
        using var folder = new TempFolder();
        var file = folder.File("password");
        await using var board = await TestBoard.StartAsync();
        var client = board.Client(BoardCredential.FromFile("root", file), board.Board.Fingerprint);

        var last = "";
        for (var wrong = 0; wrong < 10; wrong++)
        {
            await File.WriteAllTextAsync(file, $"wrong {wrong}", TestContext.Current.CancellationToken);
            last = await RefusalAsync(client);
        }

        Assert.Equal((4, 0), (board.Board.Daemon.LogIns, board.Board.Daemon.Bans));
        Assert.StartsWith("The board has refused 4 log-ins or sessions in a row and would ban this address next", last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Corrected_password_file_is_used_at_once()
    {
        using var folder = new TempFolder();
        var file = folder.File("password");
        await File.WriteAllTextAsync(file, "wrong", TestContext.Current.CancellationToken);
        await using var board = await TestBoard.StartAsync();
        var client = board.Client(BoardCredential.FromFile("root", file), board.Board.Fingerprint);
        await RefusalAsync(client);

        await File.WriteAllTextAsync(file, TestBoard.Password, TestContext.Current.CancellationToken);
        var power = await client.GetPowerAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new SlotPower(false, false, false, false), power);
    }

    [Fact]
    public async Task Password_set_right_on_the_board_is_found_at_the_next_try()
    {
        var clock = new FakeTimeProvider();
        await using var board = await ScriptedBoard.StartAsync(
            ScriptedBoard.Always("""{"response":[{"result":[{"node1":"1"}]}]}"""),
            clock,
            context => clock.GetUtcNow() > clock.Start.AddSeconds(30)
                ? ScriptedBoard.Always($$"""{"id":"{{ScriptedBoard.Token}}"}""")(context)
                : ScriptedBoard.Always("credentials incorrect", "text/plain", StatusCodes.Status403Forbidden)(context));
        await RefusalAsync(board.Client);

        clock.Advance(TimeSpan.FromMinutes(1));
        var power = await board.Client.GetPowerAsync(TestContext.Current.CancellationToken);

        Assert.True(power.First);
    }

    [Fact]
    public async Task Ban_is_waited_for_as_long_as_the_board_says()
    {
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock);
        for (var failure = 0; failure < 5; failure++)
        {
            (await board.PostLogInAsync("root", "x")).Dispose();
        }

        var client = board.Client();
        var told = await RefusalAsync(client);
        clock.Advance(TimeSpan.FromSeconds(60));
        var asked = board.Board.Daemon.Requests;
        await RefusalAsync(client);
        var askedDuringBan = board.Board.Daemon.Requests - asked;
        clock.Advance(TimeSpan.FromSeconds(1));
        await client.GetPowerAsync(TestContext.Current.CancellationToken);

        Assert.Equal("The board blocks this address for another 61 s after failed log-ins; it is not asked before.", told);
        Assert.Equal(0, askedDuringBan);
    }

    [Fact]
    public async Task Ban_in_the_middle_of_a_session_stops_all_calls()
    {
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock);
        var client = board.Client();
        await client.GetPowerAsync(TestContext.Current.CancellationToken);
        for (var failure = 0; failure < 5; failure++)
        {
            (await board.PostLogInAsync("root", "x")).Dispose();
        }

        var asked = board.Board.Daemon.Requests;
        for (var call = 0; call < 10; call++)
        {
            await RefusalAsync(client);
        }

        Assert.Equal(1, board.Board.Daemon.Requests - asked);
    }

    [Theory]
    [InlineData(null, "61 s")]
    [InlineData("120", "121 s")]
    public async Task Ban_of_the_other_firmware_says_429(string? retryAfter, string left)
    {
        var clock = new FakeTimeProvider();
        await using var board = await ScriptedBoard.StartAsync(
            context =>
            {
                context.Response.Headers.RetryAfter = retryAfter;
                return ScriptedBoard.Always("slow down", "text/plain", StatusCodes.Status429TooManyRequests)(context);
            },
            clock);

        var told = await RefusalAsync(board.Client);
        await RefusalAsync(board.Client);

        Assert.StartsWith($"The board blocks this address for another {left}", told, StringComparison.Ordinal);
        Assert.Equal(1, board.Requests);
    }

    [Fact]
    public async Task Fresh_token_that_is_refused_ends_the_matter()
    {
        await using var board = await ScriptedBoard.StartAsync(ScriptedBoard.Always("token T0ken is not registered", "text/plain", StatusCodes.Status401Unauthorized));

        var told = await RefusalAsync(board.Client);

        Assert.EndsWith("refuses the token that it has just given out.", told, StringComparison.Ordinal);
        Assert.Equal(2, board.Requests);
    }

    [Fact]
    public async Task Silence_is_not_waited_for_without_end()
    {
        var clock = new FakeTimeProvider();
        var asked = new SyncPoint();
        await using var board = await ScriptedBoard.StartAsync(context => asked.ReachAndWaitAsync(context.RequestAborted), clock);

        var call = RefusalAsync(board.Client);
        await asked.WaitAsync();
        clock.Advance(TimeSpan.FromSeconds(10));

        Assert.EndsWith("did not answer within 10 s.", await call, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reading_is_repeated_once_when_the_board_hangs_up(bool reset)
    {
        await using var board = HangingBoard.Start(reset);

        await RefusalAsync(board.Client);

        Assert.Equal(2, board.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reset_is_sent_once_and_its_outcome_not_made_up(bool reset)
    {
        await using var board = HangingBoard.Start(reset);

        var error = await Assert.ThrowsAsync<BusyException>(() => board.Client.ResetAsync(Slot1, TestContext.Current.CancellationToken));

        Assert.Equal("OUTCOME_UNKNOWN", error.Reason);
        Assert.Equal(1, board.Requests);
    }

    [Fact]
    public async Task Line_for_a_board_that_hangs_is_bounded()
    {
        var asked = new SyncPoint();
        await using var board = await ScriptedBoard.StartAsync(async context =>
        {
            await asked.ReachAndWaitAsync(context.RequestAborted);
            await ScriptedBoard.Always("""{"response":[{"result":[{"node1":"1"}]}]}""")(context);
        });
        var first = board.Client.GetPowerAsync(TestContext.Current.CancellationToken);
        await asked.WaitAsync();
        var line = Enumerable.Range(0, 32).Select(_ => board.Client.GetPowerAsync(TestContext.Current.CancellationToken)).ToList();

        var error = await Assert.ThrowsAsync<LimitExceededException>(() => board.Client.GetPowerAsync(TestContext.Current.CancellationToken));
        asked.Continue();
        await Task.WhenAll([first, .. line]);

        Assert.Equal("BOARD_BUSY", error.Reason);
    }

    [Fact]
    public async Task Board_that_is_not_there_is_told_with_its_address()
    {
        var board = await TestBoard.StartAsync();
        var client = board.Client();
        await board.Board.DisposeAsync();

        var told = await RefusalAsync(client);

        Assert.StartsWith($"Board {board.Board.Address.Authority} cannot be reached: ", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_password_file_is_told_by_name()
    {
        await using var board = await TestBoard.StartAsync();
        var client = board.Client(BoardCredential.FromFile("root", "/nonexistent/password"), board.Board.Fingerprint);

        var told = await RefusalAsync(client);

        Assert.StartsWith("The board's password file /nonexistent/password cannot be read: ", told, StringComparison.Ordinal);
        Assert.Equal(0, board.Board.Daemon.Requests);
    }

    [Fact]
    public async Task Answer_of_more_than_a_board_has_to_say_is_refused()
    {
        await using var board = await ScriptedBoard.StartAsync(ScriptedBoard.Always(new string(' ', 300_000)));

        var told = await RefusalAsync(board.Client);

        Assert.Contains("answered with more than 262144 bytes", told, StringComparison.Ordinal);
    }

    private static async Task<string> RefusalAsync(TuringPiBoard board) =>
        (await Assert.ThrowsAsync<UnreachableException>(() => board.GetPowerAsync(TestContext.Current.CancellationToken))).Message;
}
