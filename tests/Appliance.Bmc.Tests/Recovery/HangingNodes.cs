using System.Collections.Concurrent;
using Appliance.Bmc.Board;
using Appliance.Bmc.Simulation;
using Appliance.Bmc.Slots;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Tests.Recovery;

/// <summary>Nodes behind the slots of a simulated board: they boot and die with its power, and hang as deep as a test says.</summary>
internal sealed class HangingNodes : INodeChannel
{
    private readonly ConcurrentDictionary<SlotNumber, HangDepth> _depths = new();
    private readonly ConcurrentDictionary<SlotNumber, bool> _on = new();

    /// <summary>What was done to nodes, in order, for example "reboot 2" or "cut 2".</summary>
    public ConcurrentQueue<string> Done { get; } = new();

    /// <summary>A node whose rules await their confirmation; null when none does.</summary>
    public (SlotNumber Slot, DateTimeOffset Deadline)? Commit { get; set; }

    /// <summary>Whether a node that is silent still echoes; null where that cannot be asked.</summary>
    public bool? Echoes { get; set; } = false;

    public void Run(SlotNumber slot, HangDepth depth = HangDepth.None) => (_on[slot], _depths[slot]) = (true, depth);

    /// <summary>A hook of the simulated board.</summary>
    public void Boot(int number, WrittenImage? image)
    {
        var slot = SlotNumber.All[number - 1];
        _on[slot] = true;
        Done.Enqueue($"boot {slot}");
        if (_depths.TryGetValue(slot, out var depth) && (depth is HangDepth.Role or HangDepth.System or HangDepth.Kernel || (depth == HangDepth.Flash && image is { IsWhole: true })))
        {
            _depths[slot] = HangDepth.None;
        }
    }

    /// <summary>A hook of the simulated board.</summary>
    public void Fall(int number)
    {
        _on[SlotNumber.All[number - 1]] = false;
        Done.Enqueue($"cut {number}");
    }

    public bool Knows(SlotNumber slot) => _depths.ContainsKey(slot);

    public Task<NodeReading> AskAsync(SlotNumber slot, CancellationToken token) => Task.FromResult(Read(slot));

    public Task RestartRoleAsync(SlotNumber slot, string reason, CancellationToken token) => Take(slot, "restart", cures: HangDepth.Role);

    public Task RebootAsync(SlotNumber slot, string reason, CancellationToken token) => Take(slot, "reboot", cures: HangDepth.System);

    public Task ShutdownAsync(SlotNumber slot, string reason, CancellationToken token)
    {
        _on[slot] = false;
        Done.Enqueue($"shutdown {slot}");
        return Task.CompletedTask;
    }

    private NodeReading Read(SlotNumber slot)
    {
        var depth = _depths.GetValueOrDefault(slot);
        var commit = Commit is { } pending && pending.Slot == slot ? pending.Deadline : (DateTimeOffset?)null;
        return !_on.GetValueOrDefault(slot) ? NodeReading.Silent("connection refused") with { Pings = false }
            : depth is HangDepth.Kernel or HangDepth.Flash or HangDepth.Hardware ? NodeReading.Silent("connection timed out") with { Pings = Echoes }
            : new NodeReading(Answers: true, Pings: true, "1.2.3", depth == HangDepth.None ? [] : ["logger: store, disk full"], CommitPending: commit is not null, "") { CommitDeadline = commit };
    }

    private Task Take(SlotNumber slot, string order, HangDepth cures)
    {
        if (!Read(slot).Answers)
        {
            return Task.FromException(new UnreachableException($"The node in slot {slot} does not take the order."));
        }

        Done.Enqueue($"{order} {slot}");
        _depths[slot] = _depths[slot] <= cures ? HangDepth.None : _depths[slot];
        return Task.CompletedTask;
    }
}
