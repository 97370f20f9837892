using Appliance.Detector.Flows;
using Appliance.Protos.Traffic.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Flow = Appliance.Detector.Flows.Flow;
using FlowState = Appliance.Detector.Flows.FlowState;
using Wire = Appliance.Protos.Traffic.V1;

namespace Appliance.Detector.Tests.Flows;

public sealed class FlowClientTests
{
    [Fact]
    public void Every_field_of_a_flow_is_read()
    {
        var flow = Read(new Wire.Flow
        {
            Source = ByteString.CopyFrom(192, 0, 2, 1),
            Destination = ByteString.CopyFrom(192, 0, 2, 2),
            SourcePort = 40_000,
            DestinationPort = 22,
            Protocol = 6,
            SourceMac = ByteString.CopyFrom(1, 2, 3, 4, 5, 6),
            DestinationMac = ByteString.CopyFrom(7, 8, 9, 10, 11, 12),
            VlanId = 7,
            StartTime = new Timestamp { Seconds = 1_767_225_600, Nanos = 5 },
            EndTime = new Timestamp { Seconds = 1_767_225_601 },
            PacketsOutCount = 11,
            PacketsInCount = 12,
            OutBytes = 13,
            InBytes = 14,
            TcpFlagsOut = 0x12,
            TcpFlagsIn = 0x13,
            State = Wire.Flow.Types.State.Answered,
            Application = Wire.Flow.Types.Application.Ssh,
            LoginFailuresCount = 3,
            LoginSuccessesCount = 1,
        });

        Assert.Equal(
            new Flow
            {
                Key = new FlowKey(Scene.Address("192.0.2.1"), Scene.Address("192.0.2.2"), 40_000, 22, 6),
                IsIPv4 = true,
                SourceMac = new MacAddress(0x0102_0304_0506),
                DestinationMac = new MacAddress(0x0708_090a_0b0c),
                VlanId = 7,
                StartTime = 1_767_225_600_000_000_005,
                EndTime = 1_767_225_601_000_000_000,
                PacketsOut = 11,
                PacketsIn = 12,
                BytesOut = 13,
                BytesIn = 14,
                TcpFlagsOut = 0x12,
                TcpFlagsIn = 0x13,
                State = FlowState.Answered,
                Application = ApplicationKind.Ssh,
                LoginFailures = 3,
                LoginSuccesses = 1,
                IsSourceConfirmed = true,
            },
            flow);
    }

    [Theory]
    [InlineData(0, 0, FlowState.Unanswered)]
    [InlineData(1, 0x14, FlowState.Refused)]
    [InlineData(3, 0x13, FlowState.Answered)]
    public void Ended_flow_is_told_apart_by_its_packets_and_flags(ulong packetsIn, uint flagsIn, FlowState expected)
    {
        var flow = Read(new Wire.Flow
        {
            Protocol = 6,
            State = Wire.Flow.Types.State.Ended,
            EndReason = Wire.Flow.Types.EndReason.Reset,
            PacketsOutCount = 1,
            PacketsInCount = packetsIn,
            TcpFlagsIn = flagsIn,
        });

        Assert.Equal((expected, EndReason.Reset), (flow.State, flow.EndReason));
    }

    [Theory]
    [InlineData(0x02, false)] // Only the SYN.
    [InlineData(0x12, true)]
    [InlineData(0x06, true)] // A scanner's kernel resets what it never opened.
    public void Source_is_confirmed_by_what_follows_the_answer(uint flagsOut, bool expected)
    {
        var flow = Read(new Wire.Flow { Protocol = 6, State = Wire.Flow.Types.State.Answered, PacketsInCount = 1, TcpFlagsOut = flagsOut });

        Assert.Equal(expected, flow.IsSourceConfirmed);
    }

    [Fact]
    public void Backscatter_confirms_nobody()
    {
        var flow = Read(new Wire.Flow { Protocol = 6, State = Wire.Flow.Types.State.Answered, PacketsInCount = 1, TcpFlagsOut = 0x12, Midstream = true });

        Assert.False(flow.IsSourceConfirmed);
    }

    [Fact]
    public void Neighbor_message_is_read()
    {
        var batch = FlowClient.Read(new WatchFlowsResponse
        {
            Events =
            {
                new Wire.FlowEvent
                {
                    Kind = Wire.FlowEvent.Types.Kind.Neighbor,
                    Neighbor = new Wire.Neighbor
                    {
                        Kind = Wire.Neighbor.Types.Kind.Request,
                        SenderMac = ByteString.CopyFrom(1, 2, 3, 4, 5, 6),
                        Sender = ByteString.CopyFrom(192, 0, 2, 1),
                        Target = ByteString.CopyFrom(192, 0, 2, 2),
                    },
                },
            },
        });

        Assert.Equal(
            new Detector.Flows.Neighbor(NeighborKind.Request, new MacAddress(0x0102_0304_0506), Scene.Address("192.0.2.1"), Scene.Address("192.0.2.2"), IsIPv4: true),
            batch.Events[0].Neighbor);
    }

    [Fact]
    public void What_a_newer_router_tells_is_left_out_and_the_rest_of_the_batch_stays()
    {
        var batch = FlowClient.Read(new WatchFlowsResponse
        {
            Cursor = new Cursor { Epoch = "e", Sequence = 9 },
            MissedCount = 4,
            NewEpoch = true,
            ClockTime = new Timestamp { Seconds = 5 },
            Events = { new Wire.FlowEvent { Kind = (Wire.FlowEvent.Types.Kind)99 }, new Wire.FlowEvent { Kind = Wire.FlowEvent.Types.Kind.Began, Flow = new Wire.Flow() } },
        });

        Assert.Equal((1, new FlowCursor("e", 9), 4UL, true, 5_000_000_000), (batch.Events.Count, batch.Cursor, batch.Missed, batch.IsNewEpoch, batch.ClockTime));
    }

    [Fact]
    public void Flow_that_the_router_has_passed_on_is_not_counted_again()
    {
        var batch = FlowClient.Read(new WatchFlowsResponse
        {
            Cursor = new Wire.Cursor { Epoch = "e", Sequence = 8 },
            Events =
            {
                new Wire.FlowEvent { Sequence = 7, Kind = Wire.FlowEvent.Types.Kind.Began, Flow = new Wire.Flow { Interface = "eth1" } },
                new Wire.FlowEvent { Sequence = 8, Kind = Wire.FlowEvent.Types.Kind.Began, Flow = new Wire.Flow { Interface = "eth0", PassedOn = true } },
            },
        });

        Assert.Equal((1, 8UL), (batch.Events.Count, batch.Cursor.Sequence));
    }

    [Fact]
    public void Fact_changes_nothing_and_is_not_asked_for_again()
    {
        var batch = FlowClient.Read(new WatchFlowsResponse
        {
            Cursor = new Cursor { Epoch = "e", Sequence = 7 },
            Events = { new Wire.FlowEvent { Sequence = 7, Kind = Wire.FlowEvent.Types.Kind.Fact, Fact = new Wire.Fact { Dns = new Wire.Fact.Types.Dns() } } },
        });

        Assert.Empty(batch.Events);
        Assert.Equal(new FlowCursor("e", 7), batch.Cursor);
    }

    private static Flow Read(Wire.Flow flow) => FlowClient
        .Read(new WatchFlowsResponse { Events = { new Wire.FlowEvent { Kind = Wire.FlowEvent.Types.Kind.Updated, Flow = flow } } })
        .Events[0].Flow;
}
