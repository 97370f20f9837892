using Appliance.Benchmarks.Traffic;
using Appliance.Router.Capture;
using BenchmarkDotNet.Attributes;

namespace Appliance.Benchmarks.Micro;

/// <summary>Records of a capture in the page cache; figures are for one record, opening the file included.</summary>
[Config(typeof(QuickConfig))]
public class CaptureFileBenchmarks
{
    private readonly string _path = Path.GetTempFileName();

    [GlobalSetup]
    public void SetUp() => Frames.OfHome().WriteTo(_path);

    [GlobalCleanup]
    public void CleanUp() => File.Delete(_path);

    [Benchmark(OperationsPerInvoke = Frames.Count)]
    public int Read()
    {
        var count = 0;
        using var capture = new CaptureFile(_path);
        while (capture.Read(out _) == ReadOutcome.Frame)
        {
            count++;
        }

        return count == Frames.Count ? count : throw new InvalidDataException($"{_path} gave {count} records, {Frames.Count} were written; {capture.Fault?.Text}");
    }
}
