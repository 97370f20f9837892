using System.Threading.Channels;
using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Facts;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Devices;

/// <summary>Carries what may tell of devices from the packet's thread to the inventory.</summary>
internal sealed class SightingQueue(IOptions<DeviceOptions> options)
{
    // The packet's thread never waits. What is dropped is said again: devices announce themselves for as long as they are there.
    private readonly Channel<Sighting> _sightings = Channel.CreateBounded<Sighting>(
        new BoundedChannelOptions(options.Value.QueuedSightings) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private long _dropped;

    public ChannelReader<Sighting> Reader => _sightings.Reader;

    /// <summary>Sightings that found the queue full.</summary>
    public long DroppedCount => Interlocked.Read(ref _dropped);

    /// <summary>Takes a fact if it may tell of a device.</summary>
    public void Accept(Fact fact)
    {
        if (ObservationReader.Reads(fact))
        {
            Accept(new Sighting(fact, default, fact.Origin.Time));
        }
    }

    public void Accept(in Neighbor neighbor, long time) => Accept(new Sighting(null, neighbor, time));

    private void Accept(in Sighting sighting)
    {
        if (!_sightings.Writer.TryWrite(sighting))
        {
            Interlocked.Increment(ref _dropped);
        }
    }
}
