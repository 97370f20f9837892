using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Slots;

/// <summary>Looks at the board again and again, slower while it does not answer; the role starts without waiting for it.</summary>
internal sealed class SlotMonitor(SlotReader reader, SlotFeed feed, BoardHealth health, IOptions<SlotOptions> options, TimeProvider clock)
    : BackgroundService
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>What the board said of itself last, and whether it answers now.</summary>
    public (BoardFacts? Facts, bool Answers) Board => (reader.Facts, health.Answers);

    /// <summary>The slots as they were seen last.</summary>
    public IReadOnlyList<Slot> Current => feed.Current;

    /// <summary>Reads the slots now, or throws what kept the board from telling.</summary>
    public async Task<IReadOnlyList<Slot>> RefreshAsync(CancellationToken token)
    {
        await _turn.WaitAsync(token);
        try
        {
            var slots = await reader.ReadAsync(token);
            feed.Publish(slots);
            health.NoteAnswer(reader.Facts);
            return slots;
        }
        catch (Exception error) when (error is UnreachableException or BusyException)
        {
            feed.Publish(reader.Unknown());
            health.NoteSilence(error.Message);
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Reads the slots now; where the board does not tell, that is what they say.</summary>
    public async Task<IReadOnlyList<Slot>> ObserveAsync(CancellationToken token)
    {
        try
        {
            return await RefreshAsync(token);
        }
        catch (Exception error) when (error is UnreachableException or BusyException)
        {
            return feed.Current;
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _turn.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = options.Value.PollInterval;
        try
        {
            while (true)
            {
                await ObservePatientlyAsync(stoppingToken);
                var longest = options.Value.LongestPollInterval;
                pause = health.Answers ? options.Value.PollInterval : pause * 2 < longest ? pause * 2 : longest;
                await Task.Delay(pause, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The role stops.
        }
    }

    private async Task ObservePatientlyAsync(CancellationToken token)
    {
        try
        {
            await ObserveAsync(token);
        }
        catch (LimitExceededException)
        {
            // Callers stand in line for the board; they bring its news themselves.
        }
    }
}
