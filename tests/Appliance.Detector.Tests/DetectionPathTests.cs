using Appliance.Detector.Flows;

namespace Appliance.Detector.Tests;

public sealed class DetectionPathTests
{
    [Fact]
    public void Time_never_goes_back()
    {
        var path = new DetectionPath(new DetectionSettings(), _ => { });
        path.Observe(new FlowEvent(FlowEventKind.Neighbor, 100, default, default));
        path.Observe(new FlowEvent(FlowEventKind.Neighbor, 50, default, default));
        path.AdvanceTo(70);

        Assert.Equal((100L, 2L), (path.Now, path.EventsCount));
    }

    [Fact]
    public void Scan_in_a_capture_that_runs_backwards_is_found_at_its_end()
    {
        var scene = new Scene();
        scene.Settle(86_400);
        for (ushort port = 1; port <= 10; port++)
        {
            scene.Wait(-600).Begin(scene.Tcp("125.27.226.209", "10.10.0.5", port));
        }

        Assert.Empty(scene.Alerts);
        Assert.Single(scene.Finish().Latest);
    }

    [Fact]
    public void Event_that_changes_no_alert_allocates_nothing()
    {
        var alerts = 0;
        var path = new DetectionPath(new DetectionSettings(), _ => alerts++);
        var events = Conversations(20_000);
        foreach (var flowEvent in events.AsSpan(0, 30_000))
        {
            path.Observe(flowEvent);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var flowEvent in events.AsSpan(30_000))
        {
            path.Observe(flowEvent);
        }

        Assert.Equal((0, 0L), (alerts, GC.GetAllocatedBytesForCurrentThread() - before));
    }

    [Fact]
    public void Hostile_values_are_data()
    {
        var random = new Random(5);
        var path = new DetectionPath(new DetectionSettings(), _ => { });
        for (var i = 0; i < 200_000; i++)
        {
            var flow = new Flow
            {
                Key = new FlowKey((UInt128)random.Next(50), (UInt128)random.Next(50), (ushort)random.Next(65_536), (ushort)random.Next(65_536), (byte)random.Next(256)),
                SourceMac = new MacAddress((ulong)random.NextInt64()),
                StartTime = random.NextInt64(),
                EndTime = random.NextInt64(),
                PacketsOut = random.NextInt64(),
                PacketsIn = random.NextInt64(),
                BytesOut = random.NextInt64(),
                TcpFlagsOut = (byte)random.Next(256),
                State = (FlowState)random.Next(4),
                EndReason = (EndReason)random.Next(7),
                LoginFailures = random.Next(3),
                LoginSuccesses = random.Next(2),
                IsMidstream = random.Next(2) == 0,
            };
            var neighbor = new Neighbor((NeighborKind)random.Next(4), new MacAddress((ulong)random.Next(9)), (UInt128)random.Next(300), (UInt128)random.Next(300), random.Next(2) == 0);
            path.Observe(new FlowEvent((FlowEventKind)random.Next(8), i * 1_000_000L, flow, neighbor));
        }

        path.Finish();
        Assert.Equal(200_000, path.EventsCount);
    }

    // Fifty clients that talk to two hundred servers: began, answered, ended.
    private static FlowEvent[] Conversations(int count)
    {
        var events = new List<FlowEvent>();
        for (var i = 0; i < count; i++)
        {
            var time = i * 10_000_000L;
            var began = new Flow
            {
                Key = new FlowKey(Scene.Address($"192.168.1.{20 + (i % 50)}"), Scene.Address($"198.51.100.{i % 200}"), (ushort)(20_000 + i), 443, 6),
                PacketsOut = 1,
                TcpFlagsOut = Scene.Syn,
                StartTime = time,
                EndTime = time,
            };
            var answered = began with { State = FlowState.Answered, PacketsIn = 1 };
            var ended = answered with { PacketsOut = 6, PacketsIn = 5, TcpFlagsOut = Scene.Syn | Scene.Ack, EndReason = EndReason.Finished };
            events.Add(new FlowEvent(FlowEventKind.Began, time, began, default));
            events.Add(new FlowEvent(FlowEventKind.Answered, time, answered, default));
            events.Add(new FlowEvent(FlowEventKind.Ended, time, ended, default));
        }

        return [.. events];
    }
}
