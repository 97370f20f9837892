using System.Collections.Concurrent;
using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Tests;

/// <summary>Nodes behind slots that say what a test wants; slots without one are not known.</summary>
internal sealed class PretendNodes : INodeChannel
{
    private readonly ConcurrentDictionary<SlotNumber, NodeReading> _readings = new();

    /// <summary>Orders in the order in which they came, for example "shutdown 2".</summary>
    public ConcurrentQueue<string> Orders { get; } = new();

    /// <summary>What becomes of the node when it is ordered something; by default it takes the order and stays as it is.</summary>
    public Action<SlotNumber, string> OnOrder { get; set; } = (_, _) => { };

    public static NodeReading Running(string version = "1.0.0") => new(Answers: true, Pings: true, version, [], CommitPending: false, "");

    public void Say(SlotNumber slot, NodeReading reading) => _readings[slot] = reading;

    public bool Knows(SlotNumber slot) => _readings.ContainsKey(slot);

    public Task<NodeReading> AskAsync(SlotNumber slot, CancellationToken token) => Task.FromResult(_readings[slot]);

    public Task RestartRoleAsync(SlotNumber slot, string reason, CancellationToken token) => Take(slot, "restart");

    public Task RebootAsync(SlotNumber slot, string reason, CancellationToken token) => Take(slot, "reboot");

    public Task ShutdownAsync(SlotNumber slot, string reason, CancellationToken token) => Take(slot, "shutdown");

    private Task Take(SlotNumber slot, string order)
    {
        if (!_readings.TryGetValue(slot, out var reading) || !reading.Answers)
        {
            return Task.FromException(new UnreachableException("The node does not answer."));
        }

        Orders.Enqueue($"{order} {slot}");
        OnOrder(slot, order);
        return Task.CompletedTask;
    }
}
