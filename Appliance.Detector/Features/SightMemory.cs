using Appliance.Detector.Flows;

namespace Appliance.Detector.Features;

/// <summary>Counts distinct things exactly, in this window and over the last hour, in bounded memory for all devices together.</summary>
/// <remarks>
/// One device may fill a thirty-second of a window's room, so that a flood at one device doesn't blind the others;
/// what finds no room isn't counted. About 20 MB when both tables are full.
/// </remarks>
internal sealed class SightMemory(int capacity)
{
    /// <summary>Of one kind, one device and one window; beyond it a count says "very many" anyway.</summary>
    public const int MostOfOneKind = 4096;

    private const long Hour = 3_600_000_000_000;

    private readonly HashSet<Key> _window = [];
    private readonly BoundedTable<Key, long> _hour = new(capacity / 2);

    /// <summary>Sights that were not counted because the window's table was full.</summary>
    public long Dropped { get; private set; }

    /// <summary>True when this window has not seen it yet.</summary>
    public bool IsFirst(in DeviceKey device, Sight kind, UInt128 address, int service)
    {
        var key = new Key(device, kind, address, service);
        if (_window.Count < capacity)
        {
            return _window.Add(key);
        }

        if (!_window.Contains(key))
        {
            Dropped++;
        }

        return false;
    }

    /// <summary>True when the last hour has not seen it; an hour is counted from the last time.</summary>
    public bool IsNew(in DeviceKey device, Sight kind, UInt128 address, int service, long time)
    {
        ref var last = ref _hour.Touch(new Key(device, kind, address, service), out var isUnknown);
        var isNew = isUnknown || time - last > Hour;
        last = time;
        return isNew;
    }

    public void StartWindow() => _window.Clear();

    private readonly record struct Key(DeviceKey Device, Sight Kind, UInt128 Address, int Service)
    {
        // Seeded by the framework: strangers choose these values.
        public override int GetHashCode() => HashCode.Combine(Device.Value, Kind, Address, Service);
    }
}
