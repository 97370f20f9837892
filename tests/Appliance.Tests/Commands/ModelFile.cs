using Appliance.Detector.Features;
using Appliance.Detector.Models;

namespace Appliance.Tests.Commands;

/// <summary>A model with made-up weights: right in shape, of no use.</summary>
internal static class ModelFile
{
    public static string Write(string path, int seed, string provenance = "made up for a test")
    {
        var width = FeatureSchema.Count;
        var model = new Autoencoder
        {
            SchemaVersion = FeatureSchema.Version,
            Features = [.. FeatureSchema.Names],
            Offsets = [.. new float[width]],
            Scales = [.. Enumerable.Repeat(1f, width)],
            InputLimit = 4,
            Layers = [new Layer(width, 1, [.. Enumerable.Repeat(0.01f * seed, width)], [0f]), new Layer(1, width, [.. new float[width]], [.. new float[width]])],
            Threshold = seed,
            Calibration = Calibration.FromScores([0.1f, 0.2f]),
            Provenance = provenance,
            Created = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        };
        File.WriteAllBytes(path, OnnxWriter.Write(model));
        return path;
    }
}
