using Appliance.Router.Decoding;
using Appliance.Router.Devices;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Tests.Devices;

public sealed class SightingQueueTests
{
    [Fact]
    public void Full_queue_drops_what_comes_and_counts_it()
    {
        var queue = new SightingQueue(Options.Create(new DeviceOptions { QueuedSightings = 256 }));

        for (var time = 1; time <= 300; time++)
        {
            queue.Accept(default(Neighbor), time);
        }

        Assert.Equal(44, queue.DroppedCount);
        Assert.True(queue.Reader.TryRead(out var oldest));
        Assert.Equal(1, oldest.Time);
    }
}
