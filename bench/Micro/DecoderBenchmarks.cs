using Appliance.Benchmarks.Traffic;
using Appliance.Router.Decoding;
using BenchmarkDotNet.Attributes;

namespace Appliance.Benchmarks.Micro;

/// <summary>Headers of recorded frames; figures are for one frame.</summary>
[Config(typeof(QuickConfig))]
public class DecoderBenchmarks
{
    private readonly Frames _frames = Frames.OfHome();

    [Benchmark(OperationsPerInvoke = Frames.Count)]
    public int Decode()
    {
        var decoded = 0;
        for (var i = 0; i < Frames.Count; i++)
        {
            decoded += PacketDecoder.TryDecode(_frames.At(i, 0), out _) ? 1 : 0;
        }

        return decoded;
    }
}
