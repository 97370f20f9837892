using Appliance.Router.Capture;
using Appliance.Router.Devices;
using Appliance.Router.Devices.Conflicts;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Decoding;
using Appliance.Router.Tests.Flows;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Tests.Devices.Conflicts;

/// <summary>Frames on the way that they take in the Router, and the conflicts that were told.</summary>
internal sealed class ConflictBench
{
    private readonly RecordingSink _sink = new();

    public ConflictBench(int maxDevices = 4096)
    {
        var options = Options.Create(new DeviceOptions { MaxDevices = maxDevices });
        var addresses = new AddressWatch(options);
        var queue = new SightingQueue(options);
        Path = new PacketPath(new FlowOptions { Capacity = 4096 }, new NeighborTap(_sink, queue, addresses), null, new FactTap(_sink, queue, addresses));
    }

    public PacketPath Path { get; }

    public List<AddressConflictFact> Conflicts => [.. _sink.Events.Select(told => told.Fact).OfType<AddressConflictFact>()];

    public List<ConflictKind> Kinds => [.. Conflicts.Select(conflict => conflict.Kind)];

    public ConflictBench Put(double at, byte[] frame)
    {
        Path.Process(new Frame(frame, frame.Length, Wire.At(at), LinkType.Ethernet));
        return this;
    }

    /// <summary>A station says by ARP that it has an address.</summary>
    public ConflictBench Claim(double at, string mac, string address, ushort operation = 2, string? frameMac = null) =>
        Put(at, Frames.Ethernet(0x0806, Frames.Arp(operation, mac, address, "192.168.1.99"), frameMac ?? mac, DeviceFrames.Everybody));

    /// <summary>A neighbor advertisement for its own address.</summary>
    public ConflictBench Advertise(double at, string mac, string address, byte flags = 0x20) => Put(at, Frames.Ethernet(
        0x86dd,
        Frames.IPv6(address, "ff02::1", 58, [136, 0, 0, 0, flags, 0, 0, 0, .. Frames.Address(address), 2, 1, .. Frames.Mac(mac)]),
        mac,
        "33:33:00:00:00:01"));
}
