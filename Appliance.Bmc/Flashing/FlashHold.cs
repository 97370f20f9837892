using Appliance.Bmc.Board;
using Appliance.Bmc.Slots;

namespace Appliance.Bmc.Flashing;

/// <summary>The slots of a flash, kept from other orders; each is let go when its turn is over.</summary>
internal sealed class FlashHold(IReadOnlyDictionary<SlotNumber, IDisposable> leases, SlotMarks marks) : IDisposable
{
    private readonly Dictionary<SlotNumber, IDisposable> _leases = new(leases);

    /// <summary>Shows, until disposed, which slot is in work.</summary>
    public IDisposable Mark(SlotNumber slot, string text) => marks.Flash(slot, text);

    public void Release(SlotNumber slot)
    {
        if (_leases.Remove(slot, out var lease))
        {
            lease.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var lease in _leases.Values)
        {
            lease.Dispose();
        }

        _leases.Clear();
    }
}
