using Appliance.Detector.Features;
using Appliance.Detector.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;

namespace Appliance.Detector.Tests.Models;

[Trait("Category", "Slow")]
public sealed class OnnxScorerTests
{
    private static readonly int Width = FeatureSchema.Count;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(256)]
    [InlineData(1024)]
    public void It_agrees_with_the_plain_scorer(int rows)
    {
        var network = SmallModel.Create();
        var windows = SmallModel.Windows(rows);
        var (scores, rebuilt) = Agreement.Expected(network, windows);
        using var scorer = Open(network);
        float[] seen = new float[rows], made = new float[rows * Width], alone = new float[rows];

        scorer.Score(windows, rows, seen, made);
        scorer.Score(windows, rows, alone, []);

        Agreement.Check(scores, seen);
        Agreement.Check(rebuilt, made);
        Agreement.Check(scores, alone);
    }

    [Fact]
    public void Several_threads_may_score_at_once()
    {
        var network = SmallModel.Create();
        var windows = SmallModel.Windows(64);
        var (scores, _) = Agreement.Expected(network, windows);
        using var scorer = Open(network);

        Parallel.For(0, 200, _ =>
        {
            var seen = new float[64];
            scorer.Score(windows, 64, seen, []);
            Agreement.Check(scores, seen);
        });
    }

    [Fact]
    public void Memory_that_is_too_small_is_never_written()
    {
        var network = SmallModel.Create();
        var windows = SmallModel.Windows(2);
        using var scorer = Open(network);

        Assert.Throws<ArgumentException>(() => scorer.Score(windows, 3, new float[3], []));
        Assert.Throws<ArgumentException>(() => scorer.Score(windows, 2, new float[1], []));
        Assert.Throws<ArgumentException>(() => scorer.Score(windows, 2, new float[2], new float[Width]));
    }

    [Fact]
    public void No_windows_have_no_scores()
    {
        using var scorer = Open(SmallModel.Create());
        float[] scores = [5];

        scorer.Score([], 0, scores, []);

        Assert.Equal([5], scores);
    }

    [Fact]
    public void The_probe_takes_what_works_on_this_machine()
    {
        var network = SmallModel.Create();
        var probe = new ScorerProbe(new OnnxRuntimeLibrary(Options.Create(new RuntimeOptions())), NullLogger<ScorerProbe>.Instance);

        var scorer = probe.Open(network, OnnxWriter.Write(network), out var fault);

        // TensorRT and CUDA are not in the default package.
        Assert.Equal((OnnxScorer.Cpu, ""), (scorer.Provider, fault));
        Assert.IsType<OnnxScorer>(scorer).Dispose();
    }

    [Fact]
    public void The_probe_takes_no_runtime_that_computes_something_else()
    {
        var probe = new ScorerProbe(new OnnxRuntimeLibrary(Options.Create(new RuntimeOptions())), NullLogger<ScorerProbe>.Instance);

        var scorer = probe.Open(SmallModel.Create(seed: 1), OnnxWriter.Write(SmallModel.Create(seed: 2)), out var fault);

        Assert.Equal("plain", scorer.Provider);
        Assert.NotEqual("", fault);
    }

    [Fact]
    public void A_provider_that_this_build_lacks_is_refused()
    {
        var network = SmallModel.Create();

        Assert.ThrowsAny<Exception>(() => OnnxScorer.Open(OnnxWriter.Write(network), Width, OnnxScorer.Cuda));
    }

    [Fact]
    public void A_library_is_named_by_its_whole_path()
    {
        var options = new RuntimeOptions { OnnxRuntimeLibrary = "libonnxruntime.so" };

        var fault = options.Validate(new System.ComponentModel.DataAnnotations.ValidationContext(options)).Single();

        Assert.Contains("absolute path", fault.ErrorMessage, StringComparison.Ordinal);
    }

    private static OnnxScorer Open(Autoencoder network)
    {
        // The packaged library is silent first, as in the program.
        _ = new OnnxRuntimeLibrary(Options.Create(new RuntimeOptions())).Providers(out _);
        Assert.True(OrtEnv.IsCreated);
        return OnnxScorer.Open(OnnxWriter.Write(network), network.Features.Length, OnnxScorer.Cpu);
    }
}
