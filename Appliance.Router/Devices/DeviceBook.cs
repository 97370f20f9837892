using System.Threading.Channels;
using Appliance.Hosting.Errors;
using Appliance.Router.Decoding;

namespace Appliance.Router.Devices;

/// <summary>The devices in memory, numbered by their changes, and those who watch them.</summary>
internal sealed class DeviceBook(TimeSpan seenInterval)
{
    // A watcher that is 4096 changes behind is not reading; cutting it off lets it go on behind its cursor.
    private const int MaxPending = 4096;

    // Who was away while more than these were forgotten gets a whole snapshot.
    private const int MaxRemovals = 1024;

    private readonly Lock _turn = new();
    private readonly Dictionary<MacAddress, DeviceEntry> _entries = [];
    private readonly Queue<DeviceChange> _removals = new();
    private readonly HashSet<DeviceWatch> _watches = [];
    private long _sequence;
    private long _lostRemoval;

    /// <summary>Names this life of the book; numbers are counted within it.</summary>
    public string Epoch { get; } = Guid.NewGuid().ToString("N");

    public int Count
    {
        get
        {
            lock (_turn)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>All devices, in no order.</summary>
    public IReadOnlyList<Device> All
    {
        get
        {
            lock (_turn)
            {
                return [.. _entries.Values.Select(entry => entry.Device)];
            }
        }
    }

    public Device? Find(MacAddress mac)
    {
        lock (_turn)
        {
            return _entries.GetValueOrDefault(mac)?.Device;
        }
    }

    /// <summary>Takes a device as it now is; true when it was told to those who watch: always when there is news, else from time to time.</summary>
    public bool Put(Device device, bool isNews)
    {
        lock (_turn)
        {
            var known = _entries.GetValueOrDefault(device.Mac);
            if (known is not null && !isNews && device.LastSeen - known.ToldSeen < seenInterval)
            {
                _entries[device.Mac] = known with { Device = device };
                return false;
            }

            _entries[device.Mac] = new DeviceEntry(device, ++_sequence, device.LastSeen);
            Tell(new DeviceChange(_sequence, device.Id, device));
            return true;
        }
    }

    /// <summary>Forgets a device.</summary>
    public void Remove(MacAddress mac)
    {
        lock (_turn)
        {
            if (!_entries.Remove(mac))
            {
                return;
            }

            var removal = new DeviceChange(++_sequence, mac.ToString(), null);
            _removals.Enqueue(removal);
            if (_removals.Count > MaxRemovals)
            {
                _lostRemoval = _removals.Dequeue().Sequence;
            }

            Tell(removal);
        }
    }

    /// <summary>The device unseen for longest among those that nobody has judged.</summary>
    public Device? FindLeastWanted()
    {
        lock (_turn)
        {
            return _entries.Values.Select(entry => entry.Device).Where(device => !device.IsJudged).MinBy(device => device.LastSeen);
        }
    }

    /// <summary>Everything and then changes; behind a cursor of this life, only what changed after it.</summary>
    public DeviceWatch Watch(string epoch, long sequence)
    {
        lock (_turn)
        {
            if (epoch == Epoch && sequence > _sequence)
            {
                throw new InvalidInputException("cursor.sequence", $"is {sequence}, the last change has {_sequence}; use the cursor of the last response");
            }

            // Where a removal is not known any more, only a whole snapshot tells what is gone.
            var isResumed = epoch == Epoch && sequence >= _lostRemoval;
            var after = isResumed ? sequence : 0;
            var changes = _entries.Values.Where(entry => entry.Sequence > after).Select(entry => new DeviceChange(entry.Sequence, entry.Device.Id, entry.Device));
            var removals = _removals.Where(removal => isResumed && removal.Sequence > after);
            var queue = Channel.CreateBounded<DeviceChange>(new BoundedChannelOptions(MaxPending) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
            var watch = new DeviceWatch([.. changes.Concat(removals).OrderBy(change => change.Sequence)], _sequence, isResumed, queue, Leave);
            _watches.Add(watch);
            return watch;
        }
    }

    private void Leave(DeviceWatch watch)
    {
        lock (_turn)
        {
            _watches.Remove(watch);
        }
    }

    private void Tell(DeviceChange change)
    {
        foreach (var watch in _watches.Where(watch => !watch.Writer.TryWrite(change)).ToList())
        {
            watch.Writer.TryComplete(new LimitExceededException("SLOW_READER", $"More than {MaxPending} changes were waiting to be read; watch again with the cursor of the last response."));
            _watches.Remove(watch);
        }
    }
}
