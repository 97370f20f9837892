using Appliance.Detector.Flows;

namespace Appliance.Detector.Tests.Flows;

public sealed class FlowTrailTests
{
    private const long Minute = 60 * Findings.Second;

    [Fact]
    public void Place_lies_five_minutes_back()
    {
        var trail = new FlowTrail();
        for (var minute = 0; minute <= 20; minute++)
        {
            trail.Follow(Batch((ulong)(minute * 10) + 1, minute * Minute));
        }

        Assert.Equal((141UL, 201UL, 201UL), (trail.Place!.Cursor.Sequence, trail.Place.SeenSequence, trail.Current!.Sequence));
    }

    [Fact]
    public void Young_trail_begins_where_it_began()
    {
        var trail = new FlowTrail();
        trail.Follow(Batch(1, 0));
        trail.Follow(Batch(500, Minute));

        Assert.Equal(1UL, trail.Place!.Cursor.Sequence);
    }

    [Fact]
    public void What_was_seen_before_a_restart_is_not_lost()
    {
        var trail = new FlowTrail();
        trail.Resume(new FlowPlace(new FlowCursor("epoch-1", 100), 150));

        // The Router holds events from 141 on: 40 are gone for this reader, all of them seen.
        Assert.Equal(0UL, trail.Follow(Batch(160, Minute) with { Missed = 40 }));
        Assert.Equal(7UL, trail.Follow(Batch(190, Minute) with { Missed = 7 }));
    }

    [Fact]
    public void What_was_not_seen_before_a_restart_is_lost()
    {
        var trail = new FlowTrail();
        trail.Resume(new FlowPlace(new FlowCursor("epoch-1", 100), 150));

        Assert.Equal(25UL, trail.Follow(Batch(200, Minute) with { Missed = 75 }));
    }

    [Fact]
    public void New_epoch_starts_a_new_trail()
    {
        var trail = new FlowTrail();
        for (var minute = 0; minute <= 20; minute++)
        {
            trail.Follow(Batch((ulong)(minute * 10) + 1, minute * Minute));
        }

        trail.Follow(new FlowBatch([], new FlowCursor("epoch-2", 3), 0, IsNewEpoch: true, 21 * Minute));

        Assert.Equal(new FlowPlace(new FlowCursor("epoch-2", 3), 3), trail.Place);
    }

    private static FlowBatch Batch(ulong lastSequence, long time) =>
        new([], new FlowCursor("epoch-1", lastSequence), 0, IsNewEpoch: false, time);
}
