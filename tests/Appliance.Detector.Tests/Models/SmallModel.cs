using System.Collections.Immutable;
using Appliance.Detector.Features;
using Appliance.Detector.Models;

namespace Appliance.Detector.Tests.Models;

/// <summary>A model with made-up weights: right in shape, of no use.</summary>
internal static class SmallModel
{
    public static Autoencoder Create(int seed = 1)
    {
        var random = new Random(seed);
        var width = FeatureSchema.Count;
        return new Autoencoder
        {
            SchemaVersion = FeatureSchema.Version,
            Features = [.. FeatureSchema.Names],
            Offsets = Values(random, width, 0, 2),
            Scales = Values(random, width, 0.25f, 1),
            InputLimit = 4,
            Layers = [Layer(random, width, 16), Layer(random, 16, 6), Layer(random, 6, 16), Layer(random, 16, width)],
            Threshold = 2.5f,
            Calibration = Calibration.FromScores([0.1f, 0.2f, 0.3f, 0.4f]),
            Provenance = "made up for a test",
            Created = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        };
    }

    /// <summary>Windows like real ones: zeros, counts, and values as large as a flood's.</summary>
    public static float[] Windows(int count, int seed = 2)
    {
        var random = new Random(seed);
        var values = new float[count * FeatureSchema.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = random.Next(4) switch
            {
                0 => 0,
                1 => random.Next(10),
                2 => random.NextSingle() * 1500,
                _ => random.NextSingle() * 1e7f,
            };
        }

        return values;
    }

    private static Layer Layer(Random random, int inputs, int outputs) =>
        new(inputs, outputs, Values(random, inputs * outputs, -0.5f, 0.5f), Values(random, outputs, -0.1f, 0.1f));

    private static ImmutableArray<float> Values(Random random, int count, float low, float high)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = low + ((high - low) * random.NextSingle());
        }

        return [.. values];
    }
}
