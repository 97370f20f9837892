using Appliance.Protos.Traffic.V1;
using Appliance.Router.Decoding;
using Appliance.Router.Devices;
using Google.Protobuf;

namespace Appliance.Router.Traffic;

/// <summary>Flows and their events as the contract carries them, with what the inventory and the kernel know of them by now.</summary>
/// <remarks>Looked up when they are told, on the reader's thread: the kernel tells of a connection only after its first packet has been seen here.</remarks>
internal sealed class FlowWire(FlowDevices devices, PassedOnFlows passedOn, NatTable translations)
{
    public WatchFlowsResponse ToMessage(in FlowBatch batch, string epoch)
    {
        var message = TrafficWire.ToMessage(batch, epoch);
        var events = batch.Events.Span;
        for (var i = 0; i < events.Length; i++)
        {
            if (message.Events[i].Flow is { } flow)
            {
                Complete(flow, events[i].Flow);
            }
        }

        return message;
    }

    public Protos.Traffic.V1.Flow ToMessage(in Flows.Flow flow)
    {
        var message = TrafficWire.ToMessage(flow);
        Complete(message, flow);
        return message;
    }

    private void Complete(Protos.Traffic.V1.Flow message, in Flows.Flow flow)
    {
        message.SourceDeviceId = devices.IdOf(flow.SourceMac, flow.Key.Source);
        message.DestinationDeviceId = devices.IdOf(flow.DestinationMac, flow.Key.Destination);
        message.PassedOn = passedOn.Has(flow);
        if (translations.TryFind(flow.Key, DeviceTime.Of(flow.EndTime), out var other))
        {
            message.TranslatedSource = Changed(flow.Key.Source, flow.Key.SourcePort, other.Source, other.SourcePort);
            message.TranslatedDestination = Changed(flow.Key.Destination, flow.Key.DestinationPort, other.Destination, other.DestinationPort);
        }
    }

    private static Endpoint? Changed(UInt128 address, ushort port, UInt128 otherAddress, ushort otherPort) =>
        otherAddress == address && otherPort == port ? null : ToEndpoint(otherAddress, otherPort);

    private static Endpoint ToEndpoint(UInt128 address, ushort port)
    {
        Span<byte> bytes = stackalloc byte[IPAddresses.IPv6Length];
        return new Endpoint { Address = ByteString.CopyFrom(bytes[..IPAddresses.Write(address, bytes)]), Port = port };
    }
}
