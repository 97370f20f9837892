using System.Runtime.CompilerServices;
using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Slots;

/// <summary>Brings slots up and down in the order of their dependencies, one sequence at a time.</summary>
internal sealed class SlotSequence(SlotPlan plan, SlotControl control, SlotGate gate, SlotGuard guard, SlotMonitor monitor)
{
    private int _running;

    /// <summary>Powers on, each slot when those that it needs are ready; stops before the next one when the caller leaves.</summary>
    public async IAsyncEnumerable<SlotStep> BringUpAsync(
        IReadOnlyCollection<SlotNumber> wanted, Func<SlotNumber, SlotOrder> order, [EnumeratorCancellation] CancellationToken token)
    {
        using var turn = Begin();
        var before = await monitor.RefreshAsync(token);
        HashSet<SlotNumber> ready = [];
        foreach (var slot in plan.BringUp(wanted))
        {
            token.ThrowIfCancellationRequested();
            if (plan.Needs(slot).Where(other => !ready.Contains(other)).ToList() is [var missing, ..])
            {
                yield return new SlotStep(slot, SlotStepState.Skipped, $"It needs slot {missing}, which is not ready.");
                continue;
            }

            var position = before[slot.Index].Power == true ? 0 : gate.Position(slot);
            yield return new SlotStep(slot, SlotStepState.Switching, "It is powered on.");
            if (await FailureOfAsync(() => control.PowerOnAsync(order(slot), token)) is { } refusal)
            {
                yield return refusal(slot);
                continue;
            }

            if (gate.Describe(slot) is { Length: > 0 } gates)
            {
                yield return new SlotStep(slot, SlotStepState.Waiting, $"It waits for {gates}.");
            }

            var lack = await gate.WaitAsync(slot, position, before[slot.Index].Power == true, token);
            if (lack.Length == 0)
            {
                ready.Add(slot);
            }

            yield return lack.Length == 0
                ? new SlotStep(slot, SlotStepState.Succeeded, "It is ready.")
                : new SlotStep(slot, SlotStepState.Failed, $"It is on and not ready in its time: {lack}.");
        }
    }

    /// <summary>Powers off, each slot when those that need it are off; nothing wanted means all that are on.</summary>
    public async IAsyncEnumerable<SlotStep> ShutDownAsync(
        IReadOnlyCollection<SlotNumber> wanted, Func<SlotNumber, SlotOrder> order, [EnumeratorCancellation] CancellationToken token)
    {
        using var turn = Begin();
        var before = await monitor.RefreshAsync(token);
        var on = before.Where(slot => slot.Power != false).Select(slot => slot.Number).ToHashSet();
        foreach (var slot in plan.ShutDown(wanted.Count > 0 ? wanted : on))
        {
            if (!on.Contains(slot))
            {
                yield return new SlotStep(slot, SlotStepState.Succeeded, "It is off already.");
                continue;
            }

            // The slot of this role comes last, whatever it needs.
            if (plan.NeededBy(slot).Where(other => on.Contains(other) && !guard.HostsThisRole(other)).ToList() is [var user, ..])
            {
                yield return new SlotStep(slot, SlotStepState.Skipped, $"Slot {user}, which needs it, is still on.");
                continue;
            }

            var switching = order(slot);
            if (!switching.AllowCritical && guard.Objection(slot, switching.CallerRoles) is var (_, because))
            {
                yield return new SlotStep(slot, SlotStepState.Skipped, $"It {because}.");
                continue;
            }

            yield return new SlotStep(slot, SlotStepState.Switching, "Its node is asked to shut down, and its power cut.");
            var refusal = await FailureOfAsync(() => control.PowerOffAsync(switching, token));
            if (refusal is null)
            {
                on.Remove(slot);
            }

            yield return refusal?.Invoke(slot) ?? new SlotStep(slot, SlotStepState.Succeeded, "It is off.");
        }
    }

    private static async Task<Func<SlotNumber, SlotStep>?> FailureOfAsync(Func<Task> order)
    {
        try
        {
            await order();
            return null;
        }
        catch (ApplianceException error)
        {
            return slot => new SlotStep(slot, SlotStepState.Failed, error.Message);
        }
    }

    private Turn Begin() => Interlocked.Exchange(ref _running, 1) == 0
        ? new Turn(this)
        : throw new BusyException("SEQUENCE_IN_PROGRESS", "The slots are brought up or shut down already; watch them, and try again when that is done.");

    private sealed class Turn(SlotSequence sequence) : IDisposable
    {
        public void Dispose() => Interlocked.Exchange(ref sequence._running, 0);
    }
}
