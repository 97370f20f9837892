using System.Runtime.CompilerServices;
using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Slots;

/// <summary>Reads the slots' consoles: every second while somebody watches, and now and then for what they show of the system.</summary>
internal sealed class ConsoleHub(IBoard board, SlotMonitor monitor, SlotMarks marks, IOptions<SlotOptions> options, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan WatchedInterval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConsoleTail[] _tails = [.. SlotNumber.All.Select(_ => new ConsoleTail())];
    private readonly DateTimeOffset[] _next = new DateTimeOffset[SlotNumber.Last];
    private int _watchers;

    /// <summary>The output that is still held of a slot's console.</summary>
    public string History(SlotNumber slot) => _tails[slot.Index].History;

    /// <summary>What is held of a slot's output from that position on.</summary>
    public string Since(SlotNumber slot, long position) => _tails[slot.Index].Since(position);

    /// <summary>How far the output of a slot's console has come.</summary>
    public long Position(SlotNumber slot) => _tails[slot.Index].Written;

    /// <summary>Reads the console, and tells whether it has printed the text from that position on. A silent board shows nothing.</summary>
    public async Task<bool> ShowsAsync(SlotNumber slot, string text, long position, CancellationToken token)
    {
        await TryReadAsync(slot, token);
        return _tails[slot.Index].Since(position).Contains(text, StringComparison.Ordinal);
    }

    /// <summary>What is held, then what comes. A reader that does not keep up is cut off.</summary>
    public async IAsyncEnumerable<ConsoleOutput> WatchAsync(SlotNumber slot, [EnumeratorCancellation] CancellationToken token)
    {
        if (Interlocked.Increment(ref _watchers) > options.Value.MaxWatchers)
        {
            Interlocked.Decrement(ref _watchers);
            throw new LimitExceededException(
                "TOO_MANY_WATCHERS",
                $"{options.Value.MaxWatchers} watchers read consoles already; end one or raise {SlotOptions.Section}:{nameof(SlotOptions.MaxWatchers)}.");
        }

        try
        {
            await ReadAsync(slot, token);
            await foreach (var output in FollowAsync(_tails[slot.Index], token))
            {
                yield return output;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _watchers);
        }
    }

    /// <summary>Reads a console now, or throws what kept the board from telling.</summary>
    public async Task ReadAsync(SlotNumber slot, CancellationToken token)
    {
        await _turn.WaitAsync(token);
        try
        {
            if (monitor.Board.Facts is null)
            {
                await monitor.RefreshAsync(token);
            }

            var text = await board.ReadConsoleAsync(slot, token);
            var tail = _tails[slot.Index];
            tail.Take(text, monitor.Board.Facts!.ConsoleReadConsumes, clock.GetUtcNow());
            marks.NoteConsole(slot, tail.Signs);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>One look at every console that is due.</summary>
    public async Task LookAsync(CancellationToken token)
    {
        var now = clock.GetUtcNow();
        foreach (var slot in SlotNumber.All.Where(slot => IsDue(slot, now)))
        {
            _next[slot.Index] = now + options.Value.ConsoleInterval;
            if (!await TryReadAsync(slot, token))
            {
                return;
            }
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _turn.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(WatchedInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The role stops.
        }
    }

    private static async IAsyncEnumerable<ConsoleOutput> FollowAsync(ConsoleTail tail, [EnumeratorCancellation] CancellationToken token)
    {
        var (history, changes) = tail.Join();
        try
        {
            if (history.Length > 0)
            {
                yield return new ConsoleOutput(history, HasGap: false);
            }

            await foreach (var output in changes.Reader.ReadAllAsync(token))
            {
                yield return output;
            }
        }
        finally
        {
            tail.Leave(changes);
        }
    }

    private async Task<bool> TryReadAsync(SlotNumber slot, CancellationToken token)
    {
        try
        {
            await ReadAsync(slot, token);
            return true;
        }
        catch (ApplianceException)
        {
            // A silent board is told by whoever looks at the slots.
            return false;
        }
    }

    private bool IsDue(SlotNumber slot, DateTimeOffset now) =>
        monitor.Board.Answers && marks.Occupation is null
        && (_tails[slot.Index].IsWatched || (now >= _next[slot.Index] && monitor.Current[slot.Index].Power == true));
}
