using Appliance.Router.Capture;
using Appliance.Router.Devices;
using Appliance.Router.Devices.Conflicts;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Decoding;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Tests.Devices.Conflicts;

/// <summary>The real tool on a real bridge.</summary>
public sealed class ArpSpoofTests
{
    [Fact]
    public async Task Attacker_who_poses_as_the_router_is_told_with_both_addresses()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/arpspoof"), "Needs /usr/sbin/arpspoof (dsniff).");
        using var network = new SpoofedNetwork();
        using var ring = network.InBridge(() => new PacketRing(SpoofedNetwork.CameraPort, new CaptureOptions(), TimeProvider.System));
        var sink = new ConflictSink();
        using var stop = new CancellationTokenSource();
        var run = Watch(ring, sink, stop.Token);
        network.Talk();

        using var attack = network.Spoof();
        try
        {
            await sink.Told.WaitAsync();
        }
        finally
        {
            attack.Kill();
            await stop.CancelAsync();
            await run;
        }

        var conflict = sink.Conflict!;
        Assert.Equal(
            (ConflictKind.Claimed, Frames.Value(SpoofedNetwork.RouterAddress), SpoofedNetwork.RouterMac, SpoofedNetwork.AttackerMac),
            (conflict.Kind, conflict.Address, $"{conflict.Holder}", $"{conflict.Claimant}"));
        Assert.Equal(SpoofedNetwork.AttackerMac, $"{conflict.Origin.SourceMac}");
    }

    private static Task Watch(PacketRing ring, ConflictSink sink, CancellationToken token)
    {
        var options = Options.Create(new DeviceOptions());
        var (addresses, queue) = (new AddressWatch(options), new SightingQueue(options));
        var path = new PacketPath(new FlowOptions(), new NeighborTap(sink, queue, addresses), null, new FactTap(sink, queue, addresses));
        return Task.Run(() => path.RunAsync(ring, token), CancellationToken.None);
    }

    private sealed class ConflictSink : IFlowEventSink
    {
        public SyncPoint Told { get; } = new();

        public AddressConflictFact? Conflict { get; private set; }

        public void Accept(in FlowEvent flowEvent)
        {
            if (flowEvent.Fact is AddressConflictFact conflict && Conflict is null)
            {
                Conflict = conflict;
                Told.Reach();
            }
        }
    }
}
