using System.Globalization;
using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;
using Appliance.Tests.Shared;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Board;

/// <summary>The client against the board's lockout, whatever happens to board, password and clock between the calls.</summary>
[Trait("Category", "Slow")]
public sealed class LockoutTests
{
    private static readonly string[] Passwords = ["turing", "own", "other", "old"];

    private enum Act
    {
        Read,
        ReadAtOnce,
        Change,
        BeginTransfer,
        RestartDaemon,
        KillDaemon,
        WaitSeconds,
        WaitAnHour,
        WaitPastToken,
        ChangeOnBoard,
        ChangeInFile,
        ChangeOnBoth,
    }

    [Fact]
    public Task No_course_of_events_bans_the_client() =>
        Gen.Select(Gen.Enum<Act>(), Gen.Int[0, Passwords.Length - 1]).Array[1, 60].SampleAsync(RunAsync, iter: 100, threads: 1);

    private static async Task RunAsync((Act Act, int Password)[] course)
    {
        using var folder = new TempFolder();
        var file = folder.File("password");
        var clock = new FakeTimeProvider();
        await File.WriteAllTextAsync(file, "own");
        await using var board = await TestBoard.StartAsync(clock, options => options with { Password = "own" });
        var client = board.Client(BoardCredential.FromFile("root", file), board.Board.Fingerprint);

        foreach (var (act, password) in course)
        {
            await DoAsync(board, client, clock, act, (file, Passwords[password]));

            if (board.Board.Daemon.Bans > 0)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"banned at {act} {Passwords[password]}"));
            }
        }
    }

    private static async Task DoAsync(TestBoard board, TuringPiBoard client, FakeTimeProvider clock, Act act, (string File, string Text) password)
    {
        switch (act)
        {
            case Act.Read:
                await TryAsync(() => client.GetPowerAsync(CancellationToken.None));
                break;
            case Act.ReadAtOnce:
                await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TryAsync(() => client.GetPowerAsync(CancellationToken.None))));
                break;
            case Act.Change:
                await TryAsync(() => client.SetPowerAsync(SlotNumber.All[0], true, CancellationToken.None));
                break;
            case Act.BeginTransfer:
                await TryAsync(() => client.BeginTransferAsync(new TransferOrder(SlotNumber.All[0], "x.img", 1, new string('0', 64)), CancellationToken.None));
                break;
            case Act.RestartDaemon or Act.KillDaemon:
                await board.Board.RestartDaemonAsync(orderly: act == Act.RestartDaemon, TimeSpan.Zero, CancellationToken.None);
                break;
            case Act.WaitSeconds:
                clock.Advance(TimeSpan.FromSeconds(61));
                break;
            case Act.WaitAnHour:
                clock.Advance(TimeSpan.FromHours(1));
                break;
            case Act.WaitPastToken:
                clock.Advance(TimeSpan.FromHours(4));
                break;
            default:
                await ChangeAsync(board, act, password);
                break;
        }
    }

    private static async Task ChangeAsync(TestBoard board, Act act, (string File, string Text) password)
    {
        if (act is Act.ChangeOnBoard or Act.ChangeOnBoth)
        {
            board.Board.ChangePassword(password.Text);
        }

        if (act is Act.ChangeInFile or Act.ChangeOnBoth)
        {
            await File.WriteAllTextAsync(password.File, password.Text);
        }
    }

    private static async Task TryAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (ApplianceException)
        {
            // What the board counts is looked at, not what the caller is told.
        }
    }
}
