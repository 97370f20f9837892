using Appliance.Detector.Flows;

namespace Appliance.Detector.Tests.Flows;

public sealed class FlowMemoryTests
{
    private readonly FlowMemory _memory = new(16);

    [Fact]
    public void Growth_is_what_is_new_since_the_event_before()
    {
        Measure(FlowEventKind.Began, 1, 0, 0);
        var first = Measure(FlowEventKind.Updated, 64, 2, 10);
        var second = Measure(FlowEventKind.Updated, 128, 2, 30);
        var last = Measure(FlowEventKind.Ended, 130, 3, 31);

        Assert.Equal((63L, 2, 10L, true), (first.PacketsOut, first.LoginFailures, first.Nanoseconds, first.IsFirst));
        Assert.Equal((64L, 0, 20L, false), (second.PacketsOut, second.LoginFailures, second.Nanoseconds, second.IsFirst));
        Assert.Equal((2L, 1, 1L, false), (last.PacketsOut, last.LoginFailures, last.Nanoseconds, last.IsFirst));
    }

    [Fact]
    public void Flow_that_ends_without_an_update_is_measured_from_its_start()
    {
        var growth = Measure(FlowEventKind.Ended, 20, 1, 50);

        Assert.Equal((19L, 1, 50L, true), (growth.PacketsOut, growth.LoginFailures, growth.Nanoseconds, growth.IsFirst));
    }

    [Fact]
    public void Log_ins_of_a_forgotten_flow_do_not_count_twice()
    {
        Measure(FlowEventKind.Updated, 64, 5, 10);
        for (ushort port = 1; port <= 16; port++)
        {
            Measure(FlowEventKind.Updated, 64, 0, 10, port);
        }

        Assert.Equal(0, Measure(FlowEventKind.Updated, 128, 5, 20).LoginFailures);
        Assert.True(_memory.Evicted > 0);
    }

    private FlowGrowth Measure(FlowEventKind kind, long packets, int failures, long end, ushort port = 1000) => _memory.Measure(new FlowEvent(
        kind,
        end,
        new Flow
        {
            Key = new FlowKey(1, 2, port, 22, 6),
            PacketsOut = packets,
            LoginFailures = failures,
            EndTime = end,
        },
        default));
}
