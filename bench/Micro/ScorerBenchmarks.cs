using Appliance.Detector.Features;
using Appliance.Detector.Models;
using Appliance.Detector.Tests.Models;
using BenchmarkDotNet.Attributes;

namespace Appliance.Benchmarks.Micro;

/// <summary>Scores of device windows by both scorers; figures are for one window of a batch of 256.</summary>
[Config(typeof(QuickConfig))]
public class ScorerBenchmarks
{
    public const int Batch = 256;

    private readonly float[] _windows = SmallModel.Windows(Batch);
    private readonly float[] _scores = new float[Batch];
    private readonly float[] _rebuilt = new float[Batch * FeatureSchema.Count];
    private readonly PlainScorer _plain = new(SmallModel.Create());
    private readonly OnnxScorer _onnx = OnnxScorer.Open(OnnxWriter.Write(SmallModel.Create()), FeatureSchema.Count, OnnxScorer.Cpu);

    [GlobalCleanup]
    public void CleanUp() => _onnx.Dispose();

    [Benchmark(OperationsPerInvoke = Batch)]
    public void Plain() => _plain.Score(_windows, Batch, _scores, _rebuilt);

    [Benchmark(OperationsPerInvoke = Batch)]
    public void OnnxRuntime() => _onnx.Score(_windows, Batch, _scores, _rebuilt);
}
