namespace Appliance.Detector.Models;

/// <summary>The model that a fresh detector starts with, until it has one of its own site.</summary>
/// <remarks>Trained by `appliance train` from half an hour of our own lab's life (`traffic/life.windows.tsv`).</remarks>
public static class ShippedModel
{
    public const string Name = "life.onnx";

    /// <summary>The file's bytes.</summary>
    public static byte[] Read()
    {
        using var stream = typeof(ShippedModel).Assembly.GetManifestResourceStream(Name)
            ?? throw new InvalidOperationException($"{Name} is not in the assembly; build Appliance.Detector from a whole checkout.");
        var file = new byte[stream.Length];
        stream.ReadExactly(file);
        return file;
    }
}
