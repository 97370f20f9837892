using Appliance.Detector.Features;
using Appliance.Detector.Flows;
using BenchmarkDotNet.Attributes;

namespace Appliance.Benchmarks.Micro;

/// <summary>Flow events of sixteen devices into windows; figures are for one event.</summary>
[Config(typeof(QuickConfig))]
public class FeatureBenchmarks
{
    private const int Flows = 4096;
    private const int EventsPerFlow = 3;
    private const int Devices = 16;
    private const long Millisecond = 1_000_000;

    private readonly FlowMemory _memory = new(65_536);
    private readonly WindowBuilder _windows;
    private long _time = 1_700_000_000_000_000_000;
    private long _windowsCount;

    public FeatureBenchmarks() => _windows = new WindowBuilder(["10.0.0.0/8"], _ => _windowsCount++);

    [Benchmark(OperationsPerInvoke = Flows * EventsPerFlow)]
    public long Observe()
    {
        for (var i = 0; i < Flows; i++)
        {
            var flow = Begin(i);
            Tell(FlowEventKind.Began, flow);
            flow = flow with { EndTime = _time, PacketsOut = 2, PacketsIn = 1, BytesIn = 60, State = FlowState.Answered };
            Tell(FlowEventKind.Answered, flow);
            flow = flow with { EndTime = _time, PacketsOut = 9, PacketsIn = 7, BytesOut = 900, BytesIn = 4000, EndReason = EndReason.Finished };
            Tell(FlowEventKind.Ended, flow);
        }

        return _windowsCount;
    }

    private Flow Begin(int index) => new()
    {
        Key = new FlowKey(Address(0x0A00_0001u + (uint)(index % Devices)), Address(0xC633_6400u + (uint)(index % 200)), (ushort)(20_000 + index), 443, 6),
        IsIPv4 = true,
        SourceMac = new MacAddress(0x0200_5e00_7300u + (ulong)(index % Devices)),
        DestinationMac = new MacAddress(0x0200_5e00_7200u),
        StartTime = _time,
        EndTime = _time,
        PacketsOut = 1,
        BytesOut = 60,
    };

    private void Tell(FlowEventKind kind, in Flow flow)
    {
        var told = new FlowEvent(kind, _time, flow, default);
        _windows.Observe(told, _memory.Measure(told));
        _time += Millisecond;
    }

    private static UInt128 Address(uint address) => new(0, 0xffff_0000_0000UL | address);
}
