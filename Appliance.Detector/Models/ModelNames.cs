namespace Appliance.Detector.Models;

/// <summary>Names inside a model file, shared by its writer and its reader.</summary>
internal static class ModelNames
{
    public const string SchemaVersion = "schema_version";
    public const string Features = "features";
    public const string Threshold = "threshold";
    public const string Calibration = "calibration";
    public const string Provenance = "provenance";
    public const string Created = "created";

    public const string One = "one";
    public const string Offsets = "offsets";
    public const string Scales = "scales";
    public const string LowerLimit = "lower_limit";
    public const string UpperLimit = "upper_limit";

    /// <summary>The keys that every model file carries.</summary>
    public static IReadOnlyList<string> Keys { get; } = [SchemaVersion, Features, Threshold, Calibration, Provenance, Created];

    public static string Weights(int layer) => FormattableString.Invariant($"weights_{layer + 1}");

    public static string Biases(int layer) => FormattableString.Invariant($"biases_{layer + 1}");
}
