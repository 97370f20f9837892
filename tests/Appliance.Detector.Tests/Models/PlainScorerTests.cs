using Appliance.Detector.Features;
using Appliance.Detector.Models;

namespace Appliance.Detector.Tests.Models;

public sealed class PlainScorerTests
{
    private const int Count = 64;

    [Fact]
    public void It_computes_what_the_definition_says()
    {
        var model = SmallModel.Create();
        var windows = SmallModel.Windows(Count);
        var scores = new float[Count];

        new PlainScorer(model).Score(windows, Count, scores, []);

        for (var i = 0; i < Count; i++)
        {
            var expected = ByDefinition(model, windows.AsSpan(i * FeatureSchema.Count, FeatureSchema.Count).ToArray());
            Assert.Equal(expected, scores[i], 1e-5 * Math.Max(1, expected));
        }
    }

    [Fact]
    public void A_score_is_the_mean_square_of_what_the_reconstruction_misses()
    {
        var model = SmallModel.Create();
        var windows = SmallModel.Windows(1);
        var (score, rebuilt) = (new float[1], new float[FeatureSchema.Count]);

        new PlainScorer(model).Score(windows, 1, score, rebuilt);

        var square = rebuilt.Select((value, i) => Math.Pow(Scaled(model, windows, i) - value, 2)).Average();
        Assert.Equal(square, score[0], 1e-4 * square);
    }

    [Fact]
    public void A_batch_scores_like_single_windows()
    {
        var scorer = new PlainScorer(SmallModel.Create());
        var windows = SmallModel.Windows(Count);
        float[] batch = new float[Count], single = new float[1];

        scorer.Score(windows, Count, batch, []);

        for (var i = 0; i < Count; i++)
        {
            scorer.Score(windows.AsSpan(i * FeatureSchema.Count, FeatureSchema.Count), 1, single, []);
            Assert.Equal(batch[i], single[0]);
        }
    }

    [Fact]
    public void The_largest_floats_give_finite_scores()
    {
        var windows = Enumerable.Repeat(float.MaxValue, FeatureSchema.Count).ToArray();
        var score = new float[1];

        new PlainScorer(SmallModel.Create()).Score(windows, 1, score, []);

        Assert.True(float.IsFinite(score[0]) && score[0] > 1);
    }

    [Fact]
    public void The_logarithm_is_right_to_the_last_bit_or_two()
    {
        for (var value = 1e-7f; value < 1e30f; value *= 1.37f)
        {
            var expected = Math.Log(1.0 + (double)(1f + value) - 1.0);

            Assert.Equal(expected, Logarithm.OnePlus(value), Math.Max(1e-12, Math.Abs(expected) * 1.2e-7));
        }

        Assert.Equal(0f, Logarithm.OnePlus(0));
        Assert.Equal(0f, Logarithm.OnePlus(-3));
    }

    private static double ByDefinition(Autoencoder model, float[] window)
    {
        var scaled = window.Select((_, i) => Scaled(model, window, i)).ToArray();
        var values = scaled.Select(value => Math.Clamp(value, -model.InputLimit, model.InputLimit)).ToArray();
        for (var i = 0; i < model.Layers.Length; i++)
        {
            var layer = model.Layers[i];
            var inputs = values;
            values = [.. Enumerable.Range(0, layer.Outputs)
                .Select(output => layer.Biases[output] + inputs.Select((value, input) => value * layer.Weights[(input * layer.Outputs) + output]).Sum())
                .Select(sum => i < model.Layers.Length - 1 ? Math.Max(0, sum) : sum)];
        }

        return scaled.Zip(values, (value, rebuilt) => Math.Pow(value - rebuilt, 2)).Average();
    }

    private static double Scaled(Autoencoder model, float[] window, int feature) =>
        (Math.Log(1.0 + window[feature]) - model.Offsets[feature]) / model.Scales[feature];
}
