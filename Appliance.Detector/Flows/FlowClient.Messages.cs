using System.Buffers.Binary;
using System.Net;
using Appliance.Protos.Traffic.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Wire = Appliance.Protos.Traffic.V1;

namespace Appliance.Detector.Flows;

internal sealed partial class FlowClient
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    internal static FlowBatch Read(WatchFlowsResponse response)
    {
        var events = new List<FlowEvent>(response.Events.Count);
        foreach (var told in response.Events)
        {
            // A kind of a newer Router means nothing here, and what the Router has passed on has been told from where it came in.
            if (told.Kind is > Wire.FlowEvent.Types.Kind.Unspecified and <= Wire.FlowEvent.Types.Kind.Neighbor && told.Flow is not { PassedOn: true })
            {
                events.Add(Read(told));
            }
        }

        var cursor = new FlowCursor(response.Cursor?.Epoch ?? string.Empty, response.Cursor?.Sequence ?? 0);
        return new FlowBatch(events, cursor, response.MissedCount, response.NewEpoch, Nanoseconds(response.ClockTime));
    }

    private static FlowEvent Read(Wire.FlowEvent told) => new(
        (FlowEventKind)told.Kind,
        Nanoseconds(told.Time),
        told.Flow is { } flow ? Read(flow) : default,
        told.Neighbor is { } neighbor ? Read(neighbor) : default);

    private static Flow Read(Wire.Flow flow)
    {
        var state = StateOf(flow);
        return new Flow
        {
            Key = new FlowKey(
                Address(flow.Source),
                Address(flow.Destination),
                (ushort)flow.SourcePort,
                (ushort)flow.DestinationPort,
                (byte)flow.Protocol),
            IsIPv4 = flow.Source.Length == 4,
            SourceMac = Mac(flow.SourceMac),
            DestinationMac = Mac(flow.DestinationMac),
            VlanId = (ushort)flow.VlanId,
            StartTime = Nanoseconds(flow.StartTime),
            EndTime = Nanoseconds(flow.EndTime),
            PacketsOut = (long)flow.PacketsOutCount,
            PacketsIn = (long)flow.PacketsInCount,
            BytesOut = (long)flow.OutBytes,
            BytesIn = (long)flow.InBytes,
            TcpFlagsOut = (byte)flow.TcpFlagsOut,
            TcpFlagsIn = (byte)flow.TcpFlagsIn,
            State = state,
            EndReason = (EndReason)flow.EndReason,
            Application = (ApplicationKind)flow.Application,
            LoginFailures = (int)Math.Min(flow.LoginFailuresCount, int.MaxValue),
            LoginSuccesses = (int)Math.Min(flow.LoginSuccessesCount, int.MaxValue),
            IsMidstream = flow.Midstream,
            // What follows a SYN-ACK on the source's side is an ACK, or the RST of a scanner; neither can be sent unseen.
            IsSourceConfirmed = state == FlowState.Answered
                && !flow.Midstream
                && flow.Protocol == IpProtocol.Tcp
                && (flow.TcpFlagsOut & (TcpFlags.Ack | TcpFlags.Rst)) != 0,
        };
    }

    // An ended flow no longer says how it was met; its packets and flags do.
    private static FlowState StateOf(Wire.Flow flow) => flow.State switch
    {
        Wire.Flow.Types.State.Answered => FlowState.Answered,
        Wire.Flow.Types.State.Refused => FlowState.Refused,
        Wire.Flow.Types.State.Ended when flow.PacketsInCount == 0 => FlowState.Unanswered,
        Wire.Flow.Types.State.Ended when flow.Protocol == IpProtocol.Tcp && (flow.TcpFlagsIn & (TcpFlags.Rst | TcpFlags.Syn)) == TcpFlags.Rst => FlowState.Refused,
        Wire.Flow.Types.State.Ended => FlowState.Answered,
        _ => FlowState.Unanswered,
    };

    private static Neighbor Read(Wire.Neighbor neighbor) => new(
        (NeighborKind)neighbor.Kind,
        Mac(neighbor.SenderMac),
        Address(neighbor.Sender),
        Address(neighbor.Target),
        neighbor.Target.Length == 4);

    private static UInt128 Address(ByteString bytes) => bytes.Length is 4 or 16 ? AddressText.FromAddress(new IPAddress(bytes.Span)) : UInt128.Zero;

    private static MacAddress Mac(ByteString bytes)
    {
        if (bytes.Length != MacAddress.Length)
        {
            return default;
        }

        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        padded.Clear();
        bytes.Span.CopyTo(padded[(sizeof(ulong) - MacAddress.Length)..]);
        return new MacAddress(BinaryPrimitives.ReadUInt64BigEndian(padded));
    }

    private static long Nanoseconds(Timestamp? time) => time is null ? 0 : (time.Seconds * NanosecondsPerSecond) + time.Nanos;
}
