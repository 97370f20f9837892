using Appliance.Router.Export;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Decoding;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Tests.Export;

public sealed class FlowDeltasTests
{
    private const long Second = 1_000_000_000;
    private readonly FlowDeltas _deltas = new(Options.Create(new FlowOptions()), Options.Create(new ExportOptions { FollowedFlows = 2 }));

    [Fact]
    public void A_short_flow_is_one_record()
    {
        var flow = At(10, packets: 5, EndReason.Finished);

        Assert.True(_deltas.TryTake(new(flow, 10 * Second), out var record));
        Assert.Equal(flow, record);
    }

    [Fact]
    public void An_update_before_the_active_interval_is_none() => Assert.Null(Take(At(59, packets: 64), 59));

    [Fact]
    public void A_long_flow_is_told_in_parts_that_add_up()
    {
        Flow?[] told = [Take(At(59, packets: 100), 60), Take(At(61, packets: 128), 61), Take(At(119, packets: 250), 120), Take(At(130, packets: 251, EndReason.Idle), 190)];

        var records = told.OfType<Flow>().ToArray();
        Assert.Equal([100, 150, 1], records.Select(record => record.PacketsOut));
        Assert.Equal([1000, 1500, 10], records.Select(record => record.BytesIn));
        Assert.Equal([0, 59, 119], records.Select(record => record.StartTime / Second));
        Assert.Equal([59, 119, 130], records.Select(record => record.EndTime / Second));
        Assert.Equal(0, _deltas.FollowedCount);
    }

    [Fact]
    public void A_flow_without_room_is_told_whole_at_its_end()
    {
        Take(At(60, packets: 10, port: 1), 60);
        Take(At(60, packets: 10, port: 2), 60);

        var middle = Take(At(60, packets: 10, port: 3), 60);
        var end = Take(At(70, packets: 12, EndReason.Idle, port: 3), 70);

        Assert.Null(middle);
        Assert.Equal(12, end?.PacketsOut);
    }

    [Fact]
    public void A_flow_whose_end_was_lost_gives_up_its_room()
    {
        Take(At(60, packets: 10, port: 1), 60);
        Take(At(60, packets: 10, port: 2), 60);

        var later = Take(At(1000, packets: 10, port: 3), 1000);

        Assert.Equal((10L, 1), (later?.PacketsOut, _deltas.FollowedCount));
    }

    [Fact]
    public void The_same_ends_again_later_are_another_flow()
    {
        Take(At(60, packets: 10), 60);
        Take(At(61, packets: 10, EndReason.Reset), 61);

        var again = Take(At(70, packets: 3, EndReason.Reset) with { StartTime = 65 * Second }, 70);

        Assert.Equal(3, again?.PacketsOut);
    }

    private static Flow At(int seconds, long packets, EndReason reason = EndReason.None, ushort port = 1) => new()
    {
        Key = new FlowKey(Frames.Value("192.0.2.1"), Frames.Value("192.0.2.2"), port, 53, 17),
        EndTime = seconds * Second,
        PacketsOut = packets,
        BytesIn = packets * 10,
        EndReason = reason,
    };

    private Flow? Take(in Flow flow, int seconds) => _deltas.TryTake(new(flow, seconds * Second), out var record) ? record : null;
}
