using Appliance.Hosting.Errors;
using Appliance.Router.Decoding;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Devices;

/// <summary>Who is on the network: learns devices from what they show, keeps what people say of them, and writes both down.</summary>
internal sealed partial class DeviceInventory(DeviceTable table, VendorRegistry vendors, IOptions<DeviceOptions> options, ILogger<DeviceInventory> logger)
{
    // One at a time changes devices; readers ask the book.
    private readonly Lock _turn = new();
    private readonly DeviceBook _book = new(options.Value.SeenInterval);
    private readonly HashSet<MacAddress> _unsaved = [];
    private readonly HashSet<MacAddress> _forgotten = [];
    private long _evicted;
    private long _refused;

    public string Epoch => _book.Epoch;

    public int Count => _book.Count;

    /// <summary>All devices, by id.</summary>
    public IReadOnlyList<Device> All => [.. _book.All.OrderBy(device => device.Mac.Value)];

    /// <summary>Devices forgotten since there were too many.</summary>
    public long EvictedCount => Interlocked.Read(ref _evicted);

    /// <summary>Times that a new device found no room, since all others had been judged.</summary>
    public long RefusedCount => Interlocked.Read(ref _refused);

    /// <summary>Takes up what earlier runs have learned.</summary>
    public void Load()
    {
        vendors.Load();
        lock (_turn)
        {
            foreach (var device in table.Read())
            {
                _book.Put(DeviceLearning.Judge(device with { Vendor = vendors.Find(device.Mac) }), isNews: true);
            }
        }
    }

    public Device? Find(string id) => MacAddress.TryParse(id, out var mac) ? _book.Find(mac) : null;

    public Device? Find(MacAddress mac) => _book.Find(mac);

    public DeviceWatch Watch(string epoch, long sequence) => _book.Watch(epoch, sequence);

    /// <summary>Learns from one fact or neighbor message.</summary>
    public void Learn(in Sighting sighting)
    {
        foreach (var observation in ObservationReader.Read(sighting))
        {
            Learn(observation);
        }
    }

    /// <summary>Learns one thing that somebody else has found out.</summary>
    public void Learn(in Observation observation)
    {
        lock (_turn)
        {
            Take(observation);
        }
    }

    /// <summary>Learns who has sent something.</summary>
    public void See(ReadOnlySpan<Station> stations)
    {
        lock (_turn)
        {
            foreach (var station in stations)
            {
                // A destination may not exist; only who sends is there.
                if (station.OutBytes > 0)
                {
                    Take(new Observation(station.Mac, station.LastSent));
                }
            }
        }
    }

    /// <summary>Changes what people say of a device: on disk when it returns.</summary>
    public Device Edit(MacAddress mac, Func<Device, Device> change)
    {
        lock (_turn)
        {
            var device = _book.Find(mac) ?? throw new NotFoundException("device", mac.ToString());
            var changed = change(device) with { Edition = device.Edition + 1 };
            table.Save([changed], []);
            _unsaved.Remove(mac);
            _book.Put(changed, isNews: true);
            return changed;
        }
    }

    /// <summary>Writes down what has been learned. What could not be written is tried again next time.</summary>
    public void Flush()
    {
        lock (_turn)
        {
            var devices = _unsaved.Select(_book.Find).OfType<Device>().ToList();
            if (devices.Count + _forgotten.Count > 0)
            {
                table.Save(devices, _forgotten);
                _unsaved.Clear();
                _forgotten.Clear();
            }
        }
    }

    private void Take(Observation observation)
    {
        if (observation.Mac.IsEmpty || observation.Mac.IsGroup)
        {
            return;
        }

        var known = _book.Find(observation.Mac);
        var device = known ?? Begin(observation);
        if (device is null)
        {
            return;
        }

        var (learned, isNews) = DeviceLearning.Apply(device, observation);
        if (_book.Put(learned, isNews || known is null))
        {
            _unsaved.Add(learned.Mac);
        }

        if (known is null)
        {
            LogNew(learned.Id, learned.Vendor, learned.Mac.IsLocal);
        }
    }

    // Null when there is no room for it.
    private Device? Begin(Observation observation)
    {
        if (_book.Count >= options.Value.MaxDevices)
        {
            if (_book.FindLeastWanted() is not { } leastWanted)
            {
                Interlocked.Increment(ref _refused);
                return null;
            }

            Interlocked.Increment(ref _evicted);
            _book.Remove(leastWanted.Mac);
            _unsaved.Remove(leastWanted.Mac);
            _forgotten.Add(leastWanted.Mac);
        }

        _forgotten.Remove(observation.Mac);
        var device = new Device(observation.Mac, DeviceTime.Of(observation.Time)) { Vendor = vendors.Find(observation.Mac) };
        return DeviceLearning.Judge(device);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "New device {DeviceId}, made by '{Vendor}', randomized address: {IsRandomized}.")]
    private partial void LogNew(string deviceId, string vendor, bool isRandomized);
}
