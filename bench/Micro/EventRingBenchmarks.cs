using Appliance.Router.Flows;
using Appliance.Router.Traffic;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Options;

namespace Appliance.Benchmarks.Micro;

/// <summary>Flow events into the ring that readers follow; figures are for one event.</summary>
[Config(typeof(QuickConfig))]
public class EventRingBenchmarks
{
    private const int Count = 100_000;

    private readonly FlowEventRing _ring = new(Options.Create(new TrafficOptions()));
    private readonly FlowEvent _event = new(FlowEventKind.Updated, 1, new Flow { Key = new FlowKey(1, 2, 3, 4, 17), PacketsOut = 5 }, default);

    /// <summary>One interface, as most have.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public void OneWriter() => Write(Count);

    /// <summary>Two threads that do nothing but tell events: the worst there is.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public void TwoWriters() => Parallel.Invoke(() => Write(Count / 2), () => Write(Count / 2));

    private void Write(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _ring.Accept(_event);
        }
    }
}
