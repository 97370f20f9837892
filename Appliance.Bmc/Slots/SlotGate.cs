using Appliance.Bmc.Board;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Slots;

/// <summary>Decides when a slot that was powered on is ready: all that the configuration names must be so.</summary>
internal sealed class SlotGate(INodeChannel channel, NodeMonitor nodes, ConsoleHub consoles, IOptions<SlotOptions> options, SlotPauses pauses)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>What the slot is waited for, in words; empty where being on is enough.</summary>
    public string Describe(SlotNumber slot)
    {
        var label = options.Value.Of(slot);
        List<string> gates = [];
        if (channel.Knows(slot))
        {
            gates.Add("its node to answer");
        }

        if (label.ReadyText.Length > 0)
        {
            gates.Add($"its console to print \"{label.ReadyText}\"");
        }

        if (label.ReadyAfter > TimeSpan.Zero)
        {
            gates.Add($"{label.ReadyAfter.TotalSeconds:0} s to pass");
        }

        return string.Join(" and ", gates);
    }

    /// <summary>A mark to wait from, taken before the slot is switched.</summary>
    public long Position(SlotNumber slot) => consoles.Position(slot);

    /// <summary>Waits until the slot is ready; returns what it still lacks when its time is over, and empty when it is ready.</summary>
    /// <param name="slot">The slot, which is on.</param>
    /// <param name="position">From when on its console counts.</param>
    /// <param name="wasOn">True when it was on before, so that no time needs to pass.</param>
    /// <param name="token">Ends the wait.</param>
    public async Task<string> WaitAsync(SlotNumber slot, long position, bool wasOn, CancellationToken token)
    {
        var label = options.Value.Of(slot);
        var start = pauses.Now;
        var readyTime = wasOn ? start : start + label.ReadyAfter;
        while (true)
        {
            token.ThrowIfCancellationRequested();
            var lack = await LackAsync(slot, label, position, token);
            lack = lack.Length > 0 || pauses.Now >= readyTime ? lack : "its time has not passed";
            if (lack.Length == 0 || pauses.Now - start >= label.BootLimit + label.ReadyAfter)
            {
                return lack;
            }

            if (!await pauses.PauseAsync(BetweenLooks))
            {
                return "this role stops";
            }
        }
    }

    private async Task<string> LackAsync(SlotNumber slot, SlotLabel label, long position, CancellationToken token)
    {
        if (channel.Knows(slot))
        {
            var reading = (await nodes.AskAsync(slot, token)).Reading;
            if (!reading.Answers)
            {
                return $"its node does not answer ({reading.Failure})";
            }

            if (reading.FailedParts.Count > 0)
            {
                return $"a part of it has failed ({string.Join("; ", reading.FailedParts)})";
            }
        }

        return label.ReadyText.Length == 0 || await consoles.ShowsAsync(slot, label.ReadyText, position, token)
            ? ""
            : $"its console has not printed \"{label.ReadyText}\"";
    }
}
