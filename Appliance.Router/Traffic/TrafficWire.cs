using Appliance.Protos.Traffic.V1;
using Appliance.Router.Decoding;
using Appliance.Router.Flows;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Flow = Appliance.Router.Flows.Flow;
using FlowEvent = Appliance.Router.Flows.FlowEvent;
using Moments = Appliance.Router.Flows.Moments;
using Neighbor = Appliance.Router.Decoding.Neighbor;

namespace Appliance.Router.Traffic;

/// <summary>Flows, events and totals as the contract carries them.</summary>
internal static class TrafficWire
{
    public static WatchFlowsResponse ToMessage(in FlowBatch batch, string epoch)
    {
        var events = batch.Events.Span;
        var message = new WatchFlowsResponse
        {
            Cursor = new Cursor { Epoch = epoch, Sequence = (ulong)(batch.FirstSequence + events.Length - 1) },
            MissedCount = (ulong)batch.MissedCount,
            NewEpoch = batch.IsNewEpoch,
            ClockTime = ToTimestamp(batch.ClockTime),
        };
        for (var i = 0; i < events.Length; i++)
        {
            message.Events.Add(ToMessage(events[i], batch.FirstSequence + i));
        }

        return message;
    }

    public static WatchTrafficResponse ToResponse(in TrafficSample sample) => new()
    {
        Summary = ToMessage(sample),
        Devices = { sample.Stations.Select(rate => new DeviceRate { DeviceId = rate.Mac.ToString(), OutBitsPerSecond = rate.OutBitsPerSecond, InBitsPerSecond = rate.InBitsPerSecond }) },
        Protocols = { sample.Shares.Protocols.Select(ToMessage) },
        Destinations = { sample.Shares.Destinations.Select(ToMessage) },
        UncountedPacketsCount = (ulong)sample.Shares.UncountedPackets,
    };

    public static Protos.Traffic.V1.Flow ToMessage(in Flow flow)
    {
        var message = ToFields(flow);
        if (flow.FirstBytes is { } said)
        {
            message.FirstBytes = ToMessage(said);
        }

        return message;
    }

    private static Protos.Traffic.V1.Flow ToFields(in Flow flow) => new()
    {
        CommunityId = CommunityId.Of(flow),
        Source = ToBytes(flow.Key.Source),
        SourcePort = flow.Key.SourcePort,
        Destination = ToBytes(flow.Key.Destination),
        DestinationPort = flow.Key.DestinationPort,
        Protocol = flow.Key.Protocol,
        SourceMac = ToBytes(flow.SourceMac),
        DestinationMac = ToBytes(flow.DestinationMac),
        VlanId = flow.VlanId,
        Interface = flow.Interface ?? "",
        StartTime = ToTimestamp(flow.StartTime),
        EndTime = ToTimestamp(flow.EndTime),
        PacketsOutCount = (ulong)flow.PacketsOut,
        PacketsInCount = (ulong)flow.PacketsIn,
        OutBytes = (ulong)flow.BytesOut,
        InBytes = (ulong)flow.BytesIn,
        TcpFlagsOut = flow.TcpFlagsOut,
        TcpFlagsIn = flow.TcpFlagsIn,
        State = flow.HasEnded ? Protos.Traffic.V1.Flow.Types.State.Ended : ToState(flow.State),
        EndReason = (Protos.Traffic.V1.Flow.Types.EndReason)flow.EndReason,
        Application = (Protos.Traffic.V1.Flow.Types.Application)flow.Application,
        LoginFailuresCount = (uint)flow.LoginFailures,
        LoginSuccessesCount = (uint)flow.LoginSuccesses,
        DefaultCredentials = flow.TriesDefaultCredentials,
        Midstream = flow.IsMidstream,
        SourceConfirmed = flow.IsSourceConfirmed,
        OutSizes = ToMessage(flow.OutSizes),
        InSizes = ToMessage(flow.InSizes),
        OutGaps = ToMessage(flow.OutGaps),
        InGaps = ToMessage(flow.InGaps),
    };

    public static TrafficSummary ToMessage(in TrafficSample sample) => new()
    {
        Time = Timestamp.FromDateTimeOffset(sample.Time),
        PacketsCount = (ulong)sample.Totals.Packets,
        TotalBytes = (ulong)sample.Totals.Bytes,
        ActiveFlowsCount = (ulong)sample.Totals.ActiveFlows,
        FlowsCount = (ulong)sample.Totals.Flows,
        UndecodedPacketsCount = (ulong)sample.Totals.UndecodedPackets,
        DroppedPacketsCount = (ulong)sample.DroppedPackets,
        EvictedFlowsCount = (ulong)sample.Totals.EvictedFlows,
        PacketsPerSecond = sample.PacketsPerSecond,
        BitsPerSecond = sample.BitsPerSecond,
    };

    private static ProtocolRate ToMessage(ProtocolShare share) =>
        new() { Protocol = share.Protocol, PacketsPerSecond = share.PacketsPerSecond, BitsPerSecond = share.BitsPerSecond };

    private static DestinationRate ToMessage(DestinationShare share) => new()
    {
        Address = ToBytes(share.Address),
        OutPacketsPerSecond = share.OutPacketsPerSecond,
        InPacketsPerSecond = share.InPacketsPerSecond,
        OutBitsPerSecond = share.OutBitsPerSecond,
        InBitsPerSecond = share.InBitsPerSecond,
    };

    private static Protos.Traffic.V1.FlowEvent ToMessage(in FlowEvent told, long sequence)
    {
        // The kinds have the numbers of the contract.
        var message = new Protos.Traffic.V1.FlowEvent
        {
            Sequence = (ulong)sequence,
            Kind = (Protos.Traffic.V1.FlowEvent.Types.Kind)told.Kind,
            Time = ToTimestamp(told.Time),
        };
        if (told.Fact is not null)
        {
            message.Fact = FactWire.ToMessage(told.Fact);
        }
        else if (told.Kind == FlowEventKind.Neighbor)
        {
            message.Neighbor = ToMessage(told.Neighbor);
        }
        else
        {
            message.Flow = ToMessage(told.Flow);
        }

        return message;
    }

    private static Protos.Traffic.V1.Neighbor ToMessage(in Neighbor neighbor) => new()
    {
        Kind = (Protos.Traffic.V1.Neighbor.Types.Kind)neighbor.Kind,
        SenderMac = ToBytes(neighbor.SenderMac),
        Sender = ToBytes(neighbor.Sender),
        Target = ToBytes(neighbor.Target),
    };

    // The tunnels have the numbers of the contract.
    private static Protos.Traffic.V1.FirstBytes ToMessage(FirstBytesFacts said) => new()
    {
        ServerName = said.ServerName,
        Protocols = { said.Protocols },
        Ja4 = said.Fingerprint,
        UserAgent = said.UserAgent,
        ClientBanner = said.ClientBanner,
        ServerBanner = said.ServerBanner,
        Tunnel = (Protos.Traffic.V1.FirstBytes.Types.Tunnel)said.Tunnel,
    };

    private static Protos.Traffic.V1.Moments ToMessage(in Moments moments) => new() { Mean = moments.Mean, Deviation = moments.Deviation };

    private static Protos.Traffic.V1.Flow.Types.State ToState(FlowState state) => state switch
    {
        FlowState.Answered => Protos.Traffic.V1.Flow.Types.State.Answered,
        FlowState.Refused => Protos.Traffic.V1.Flow.Types.State.Refused,
        _ => Protos.Traffic.V1.Flow.Types.State.Unanswered,
    };

    internal static ByteString ToBytes(UInt128 address)
    {
        Span<byte> bytes = stackalloc byte[IPAddresses.IPv6Length];
        return ByteString.CopyFrom(bytes[..IPAddresses.Write(address, bytes)]);
    }

    internal static ByteString ToBytes(MacAddress address)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, address.Value);
        return address.IsEmpty ? ByteString.Empty : ByteString.CopyFrom(bytes[^MacAddress.Length..]);
    }

    internal static Timestamp ToTimestamp(long nanoseconds)
    {
        var (seconds, rest) = Math.DivRem(nanoseconds, 1_000_000_000);
        return new Timestamp { Seconds = seconds, Nanos = (int)rest };
    }
}
