using Appliance.Hosting.Clients;
using Appliance.Hosting.Health;
using Appliance.Tests.Shared;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Appliance.Hosting.Tests.Clients;

public sealed class WatchLoopTests : IDisposable
{
    private const string Name = "router flows";

    private static readonly RpcException Away = new(new Status(StatusCode.Unavailable, "connection refused"));

    private readonly RecordingClock _clock = new();
    private readonly LogRecords _records = new();
    private readonly HealthBoard _board;
    private readonly WatchLoop _loop;
    private readonly CancellationTokenSource _ending = new();

    public WatchLoopTests()
    {
        _board = new HealthBoard(_clock);
        _loop = new WatchLoop(_board, _clock, _records.CreateLogger<WatchLoop>());
    }

    [Fact]
    public async Task Pauses_double_from_a_fifth_of_a_second_to_five_seconds()
    {
        var run = _loop.RunAsync(Name, _ => throw Away, _ending.Token);

        var pauses = new List<TimeSpan>();
        for (var attempt = 0; attempt < 8; attempt++)
        {
            pauses.Add(await NextPauseAsync());
            _clock.Advance(pauses[^1]);
        }

        Assert.All(
            pauses.Zip([0.2, 0.4, 0.8, 1.6, 3.2, 5, 5, 5]),
            // Whole milliseconds, as the timers count: 0.8 x 0.2 s is a hair above 0.16 s in floating point.
            pair => Assert.InRange(pair.First, TimeSpan.FromMilliseconds(Math.Round(pair.Second * 800)), TimeSpan.FromSeconds(pair.Second)));
        await EndAsync(run);
    }

    [Fact]
    public async Task Stream_that_ends_by_itself_is_begun_again()
    {
        var count = 0;
        var again = new SyncPoint();
        var run = _loop.RunAsync(
            Name,
            _ =>
            {
                if (++count == 2)
                {
                    again.Reach();
                }

                return Task.CompletedTask;
            },
            _ending.Token);

        _clock.Advance(await NextPauseAsync());

        await again.WaitAsync();
        await EndAsync(run);
    }

    [Fact]
    public async Task Loss_and_recovery_are_logged_once_each()
    {
        var holding = new SyncPoint();
        var run = RunFailingAsync(3, holding);
        await PassFailuresAsync(3);
        await holding.WaitAsync();

        _clock.Advance(WatchAttempts.SettledAfter);

        Assert.Equal(
            [
                (LogLevel.Warning, "Watch router flows was lost: Unavailable: connection refused. It is tried again until it holds."),
                (LogLevel.Information, "Watch router flows holds again."),
            ],
            _records.All.Select(record => (record.Level, record.Text)));
        await EndAsync(run);
    }

    [Fact]
    public async Task Health_board_shows_whether_the_watch_holds()
    {
        var holding = new SyncPoint();
        var run = RunFailingAsync(1, holding);
        await NextPauseAsync();
        var lost = Assert.Single(_board.Snapshot);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await holding.WaitAsync();

        _clock.Advance(WatchAttempts.SettledAfter);

        Assert.Equal((Name, PartState.Degraded, "not connected: Unavailable: connection refused"), (lost.Part, lost.State, lost.Text));
        Assert.Equal((PartState.Healthy, "connected"), (_board.Snapshot[0].State, _board.Snapshot[0].Text));
        await EndAsync(run);
    }

    [Fact]
    public async Task Pauses_begin_anew_after_a_stream_that_held()
    {
        var holding = new SyncPoint();
        var count = 0;
        var run = _loop.RunAsync(
            Name,
            async token =>
            {
                if (++count == 5)
                {
                    await holding.ReachAndWaitAsync(token);
                }

                throw Away;
            },
            _ending.Token);
        await PassFailuresAsync(4);
        await holding.WaitAsync();

        _clock.Advance(WatchAttempts.SettledAfter);
        holding.Continue();

        Assert.InRange((await NextPauseAsync()).TotalSeconds, 0.16, 0.2);
        await EndAsync(run);
    }

    [Fact]
    public async Task Fault_of_our_own_is_logged_with_its_stack_trace()
    {
        var run = _loop.RunAsync(Name, _ => throw new InvalidOperationException("bug"), _ending.Token);
        await NextPauseAsync();

        Assert.IsType<InvalidOperationException>(Assert.Single(_records.All).Error);
        await EndAsync(run);
    }

    [Fact]
    public async Task Cancelling_ends_a_running_watch_and_says_nothing()
    {
        var holding = new SyncPoint();
        var run = RunFailingAsync(0, holding);
        await holding.WaitAsync();

        await EndAsync(run);

        Assert.Empty(_records.All);
    }

    public void Dispose()
    {
        _ending.Dispose();
        _records.Dispose();
    }

    private Task RunFailingAsync(int failures, SyncPoint holding)
    {
        var count = 0;
        return _loop.RunAsync(
            Name,
            token => count++ < failures ? throw Away : holding.ReachAndWaitAsync(token),
            _ending.Token);
    }

    private async Task PassFailuresAsync(int count)
    {
        for (var failure = 0; failure < count; failure++)
        {
            _clock.Advance(await NextPauseAsync());
        }
    }

    private Task<TimeSpan> NextPauseAsync() => _clock.NextTimerButAsync(WatchAttempts.SettledAfter);

    private async Task EndAsync(Task run)
    {
        await _ending.CancelAsync();
        await run;
    }
}
