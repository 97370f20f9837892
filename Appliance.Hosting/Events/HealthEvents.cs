using Appliance.Hosting.Health;
using Microsoft.Extensions.Hosting;

namespace Appliance.Hosting.Events;

/// <summary>Makes an event of a part that stays unwell, and one of its recovery.</summary>
/// <remarks>Only what lasts: roles that start one after the other miss each other for some seconds, which is nobody's business.</remarks>
internal sealed class HealthEvents(HealthBoard board, EventLog events, TimeProvider clock) : BackgroundService
{
    public static readonly TimeSpan DegradedAfter = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan FailedAfter = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // Since when each part is unwell, and the worst that was told of it; a changed text starts nothing anew.
    private readonly Dictionary<string, (DateTimeOffset Since, PartState Told)> _unwell = new(StringComparer.Ordinal);

    /// <summary>One look at the board and the clock.</summary>
    public void Look()
    {
        var now = clock.GetUtcNow();
        foreach (var part in board.Snapshot)
        {
            if (part.State == PartState.Healthy)
            {
                Recover(part);
            }
            else
            {
                Suffer(part, now);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Look();
            }
        }
        catch (OperationCanceledException)
        {
            // The role stops.
        }
    }

    private void Recover(PartHealth part)
    {
        if (_unwell.Remove(part.Part, out var was) && was.Told != PartState.Healthy)
        {
            events.Tell(EventSeverity.Info, part.Part, $"recovered: {part.Text}");
        }
    }

    private void Suffer(PartHealth part, DateTimeOffset now)
    {
        var (since, told) = _unwell.GetValueOrDefault(part.Part, (part.ChangeTime, PartState.Healthy));
        var grace = part.State == PartState.Failed ? FailedAfter : DegradedAfter;
        if (part.State > told && now - since >= grace)
        {
            events.Tell(part.State == PartState.Failed ? EventSeverity.Error : EventSeverity.Warning, part.Part, part.Text);
            told = part.State;
        }

        _unwell[part.Part] = (since, told);
    }
}
