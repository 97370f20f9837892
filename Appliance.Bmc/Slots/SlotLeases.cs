using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Slots;

/// <summary>One order a slot at a time, so that two people do not switch the same slot against each other.</summary>
internal sealed class SlotLeases
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SlotNumber, string> _taken = [];

    /// <summary>Takes the slot until disposed, or says who has it.</summary>
    public IDisposable Take(SlotNumber slot, string order, string caller)
    {
        lock (_gate)
        {
            if (_taken.TryGetValue(slot, out var other))
            {
                throw new BusyException("SLOT_BUSY", $"Slot {slot} is taken: {other}. Try again when that is done.");
            }

            _taken[slot] = $"{order} by {caller}";
            return new Lease(this, slot);
        }
    }

    /// <summary>True while an order for the slot is under way.</summary>
    public bool IsTaken(SlotNumber slot)
    {
        lock (_gate)
        {
            return _taken.ContainsKey(slot);
        }
    }

    private void Return(SlotNumber slot)
    {
        lock (_gate)
        {
            _taken.Remove(slot);
        }
    }

    private sealed class Lease(SlotLeases leases, SlotNumber slot) : IDisposable
    {
        public void Dispose() => leases.Return(slot);
    }
}
