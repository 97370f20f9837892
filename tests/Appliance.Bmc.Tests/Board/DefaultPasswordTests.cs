using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Health;
using Appliance.Tests.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Board;

public sealed class DefaultPasswordTests
{
    private static readonly SlotNumber Slot1 = SlotNumber.All[0];

    [Fact]
    public async Task Nothing_is_switched_while_the_board_takes_the_makers_password()
    {
        await using var board = await TestBoard.StartAsync();
        using var client = Rig(board, BoardCredential.Factory);

        var power = await client.Board.GetPowerAsync(TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<BusyException>(() => client.Board.SetPowerAsync(Slot1, true, TestContext.Current.CancellationToken));

        Assert.Equal("DEFAULT_PASSWORD", error.Reason);
        Assert.Contains("To go on nevertheless set Bmc:Board:AllowDefaultPassword to '127.0.0.1'.", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, board.Board.PoweredSlots);
        Assert.False(power.First);
        Assert.True(client.Board.Standing.AcceptsDefaultPassword);
    }

    [Fact]
    public async Task Makers_password_is_told_once_and_degrades()
    {
        await using var board = await TestBoard.StartAsync();
        using var client = Rig(board, BoardCredential.Factory);

        await client.Board.GetPowerAsync(TestContext.Current.CancellationToken);
        await client.Board.GetPowerAsync(TestContext.Current.CancellationToken);

        Assert.Equal(PartState.Degraded, client.Trust.State);
        Assert.StartsWith("Warning Board 127.0.0.1:", Assert.Single(client.Told), StringComparison.Ordinal);
        Assert.Contains("the board still takes the maker's password for root", client.Told[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Board_that_is_named_is_switched_nevertheless_and_stays_degraded()
    {
        await using var board = await TestBoard.StartAsync();
        using var client = new ClientRig(
            new BoardEndpoint(board.Board.Address, board.Board.Fingerprint, BoardCredential.Factory, Simulated: true) { AllowDefaultPassword = true }, TimeProvider.System);

        await client.Board.SetPowerAsync(Slot1, true, TestContext.Current.CancellationToken);

        Assert.Equal(0b0001, board.Board.PoweredSlots);
        Assert.Equal(PartState.Degraded, client.Trust.State);
    }

    [Fact]
    public async Task Own_password_beside_the_makers_does_not_hide_it()
    {
        var logIns = new List<string>();
        await using var board = await ScriptedBoard.StartAsync(
            ScriptedBoard.Always("""{"response":[{"result":[{"node1":"1"}]}]}"""),
            logIn: async context =>
            {
                using var reader = new StreamReader(context.Request.Body);
                logIns.Add(await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
                await ScriptedBoard.Always($$"""{"id":"{{ScriptedBoard.Token}}"}""")(context);
            });
        using var client = new ClientRig(board.Endpoint with { Credential = BoardCredential.Known("operator", "own"), AllowDefaultPassword = false }, TimeProvider.System);

        await client.Board.GetPowerAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["""{"username":"operator","password":"own"}""", """{"username":"root","password":"turing"}"""], logIns);
        Assert.True(client.Board.Standing.AcceptsDefaultPassword);
    }

    [Fact]
    public async Task Look_for_the_makers_password_costs_one_failure_that_the_next_call_clears()
    {
        var clock = new FakeTimeProvider();
        await using var board = await TestBoard.StartAsync(clock, options => options with { Password = "own" });
        using var client = new ClientRig(Endpoint(board, BoardCredential.Known("root", "own")), clock);

        for (var day = 0; day < 20; day++)
        {
            await client.Board.SetPowerAsync(Slot1, true, TestContext.Current.CancellationToken);
            clock.Advance(TimeSpan.FromHours(4));
        }

        Assert.Equal((40, 0), (board.Board.Daemon.LogIns, board.Board.Daemon.Bans));
        Assert.False(client.Board.Standing.AcceptsDefaultPassword);
        Assert.Equal(PartState.Healthy, client.Trust.State);
    }

    [Fact]
    public async Task Password_that_was_changed_on_both_sides_is_noticed_at_the_next_change()
    {
        using var folder = new TempFolder();
        var file = folder.File("password");
        await File.WriteAllTextAsync(file, "turing", TestContext.Current.CancellationToken);
        var password = "turing";
        await using var board = await ScriptedBoard.StartAsync(
            ScriptedBoard.Always("""{"response":[{"result":"ok"}]}"""),
            logIn: async context =>
            {
                using var reader = new StreamReader(context.Request.Body);
                var isRight = (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Contains($"\"{password}\"", StringComparison.Ordinal);
                await (isRight
                    ? ScriptedBoard.Always($$"""{"id":"{{ScriptedBoard.Token}}"}""")(context)
                    : ScriptedBoard.Always("credentials incorrect", "text/plain", StatusCodes.Status403Forbidden)(context));
            });
        using var client = new ClientRig(board.Endpoint with { Credential = BoardCredential.FromFile("root", file), AllowDefaultPassword = false }, TimeProvider.System);
        await Assert.ThrowsAsync<BusyException>(() => client.Board.SetPowerAsync(Slot1, true, TestContext.Current.CancellationToken));

        password = "own";
        await File.WriteAllTextAsync(file, "own", TestContext.Current.CancellationToken);
        await client.Board.SetPowerAsync(Slot1, true, TestContext.Current.CancellationToken);

        Assert.Equal(PartState.Healthy, client.Trust.State);
        Assert.Equal(1, board.Requests);
    }

    private static ClientRig Rig(TestBoard board, BoardCredential credential) => new(Endpoint(board, credential), TimeProvider.System);

    private static BoardEndpoint Endpoint(TestBoard board, BoardCredential credential) =>
        new(board.Board.Address, board.Board.Fingerprint, credential, Simulated: true);
}
