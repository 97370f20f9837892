using Appliance.Detector.Features;
using Appliance.Detector.Models;

namespace Appliance.Detector.Tests.Models;

/// <summary>The plain scorer as the oracle of every other.</summary>
internal static class Agreement
{
    public static (float[] Scores, float[] Rebuilt) Expected(Autoencoder network, float[] values)
    {
        var count = values.Length / FeatureSchema.Count;
        float[] scores = new float[count], rebuilt = new float[values.Length];
        new PlainScorer(network).Score(values, count, scores, rebuilt);
        return (scores, rebuilt);
    }

    /// <summary>Equal to 1e-5 of the value; of 1 where the value is smaller.</summary>
    public static void Check(ReadOnlySpan<float> expected, ReadOnlySpan<float> seen)
    {
        Assert.Equal(expected.Length, seen.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(MathF.Abs(expected[i] - seen[i]) <= 1e-5f * MathF.Max(1, MathF.Abs(expected[i])), $"value {i} is {seen[i]}, {expected[i]} is expected");
        }
    }
}
