using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Router.Capture;
using Appliance.Router.Decoding;
using Appliance.Router.Devices;
using Appliance.Router.Devices.Conflicts;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Flows;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Tests.Devices;

/// <summary>An inventory on a real file that packets can be shown to; can be closed and opened again as after a crash.</summary>
internal sealed class DeviceBench : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly NodePaths _paths;
    private DeviceDatabase? _database;

    public DeviceBench(DeviceOptions? options = null)
    {
        Options = options ?? new DeviceOptions();
        Options.RegistryFolder = _folder.Path;
        _paths = new NodePaths(Microsoft.Extensions.Options.Options.Create(new NodeOptions { StateDirectory = _folder.Path }), new RunningRole(Role.Router));
        Reopen();
    }

    public DeviceOptions Options { get; }

    public DeviceInventory Inventory { get; private set; } = null!;

    /// <summary>Writes a file of the registry of makers; read at the next opening.</summary>
    public void Write(string name, string text) => File.WriteAllText(_folder.File(name), text);

    /// <summary>Forgets what is in memory and not written down, and starts from the file.</summary>
    public void Reopen()
    {
        _database?.Dispose();
        var options = Microsoft.Extensions.Options.Options.Create(Options);
        _database = new DeviceDatabase(_paths, TimeProvider.System, NullLogger<DeviceDatabase>.Instance);
        Inventory = new DeviceInventory(
            new DeviceTable(_database), new VendorRegistry(options, NullLogger<VendorRegistry>.Instance), options, NullLogger<DeviceInventory>.Instance);
        Inventory.Load();
    }

    /// <summary>Closes the file and overwrites it, as a failing card does.</summary>
    public void Damage()
    {
        _database?.Dispose();
        File.WriteAllBytes(Path.Combine(_paths.State, DeviceDatabase.FileName), [.. Enumerable.Repeat((byte)7, 8192)]);
    }

    /// <summary>Shows the inventory all packets of a source, by the way that they take in the Router.</summary>
    public void Show(IPacketSource source)
    {
        var queue = new SightingQueue(Microsoft.Extensions.Options.Options.Create(new DeviceOptions { QueuedSightings = 1_048_576 }));
        var sink = new RecordingSink();
        var addresses = new AddressWatch(Microsoft.Extensions.Options.Options.Create(Options));
        var path = new PacketPath(new FlowOptions(), new NeighborTap(sink, queue, addresses), null, new FactTap(sink, queue, addresses));
        var stations = new StationTable(4096);
        path.CountStations(stations);
        path.Run(source, CancellationToken.None);
        path.Finish();
        while (queue.Reader.TryRead(out var sighting))
        {
            Inventory.Learn(sighting);
        }

        Inventory.See(stations.Read());
    }

    /// <summary>Shows the inventory frames, a second after each other.</summary>
    public void Show(params byte[][] frames) => Show(new Capture.ListSource([.. frames.Select((bytes, index) => ((index + 1) * 1_000_000_000L, bytes))]));

    public void Dispose()
    {
        _database?.Dispose();
        _folder.Dispose();
    }
}
