using Appliance.Bmc.Board;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Slots;

/// <summary>Asks the slots' nodes again and again, beside the board and at their own pace, so that a silent node holds up nobody who asks for the slots.</summary>
internal sealed class NodeMonitor(INodeChannel nodes, IOptions<SlotOptions> options, TimeProvider clock) : BackgroundService
{
    private readonly NodeSighting?[] _last = new NodeSighting?[SlotNumber.Last];

    /// <summary>What the node said last; null when it has not been asked, or is not known.</summary>
    public NodeSighting? Of(SlotNumber slot) => Volatile.Read(ref _last[slot.Index]);

    /// <summary>Asks all nodes now.</summary>
    public Task AskAllAsync(CancellationToken token) => Task.WhenAll(SlotNumber.All.Where(nodes.Knows).Select(slot => AskAsync(slot, token)));

    /// <summary>Asks one node now, and notes what it said.</summary>
    public async Task<NodeSighting> AskAsync(SlotNumber slot, CancellationToken token)
    {
        var time = clock.GetUtcNow();
        var reading = await nodes.AskAsync(slot, token);
        var before = Of(slot);
        var sighting = new NodeSighting(
            reading,
            time,
            reading.Answers ? time : before?.LastAnswer,
            reading.FailedParts.Count > 0 ? before?.FailedSince ?? time : null);
        Volatile.Write(ref _last[slot.Index], sighting);
        return sighting;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PollInterval, clock);
        try
        {
            do
            {
                await AskAllAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The role stops.
        }
    }
}
