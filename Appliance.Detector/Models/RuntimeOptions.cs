using System.ComponentModel.DataAnnotations;

namespace Appliance.Detector.Models;

/// <summary>What runs the model.</summary>
public sealed class RuntimeOptions : IValidatableObject
{
    public const string Section = "Detector";

    /// <summary>An ONNX Runtime library built for this machine, for example on Jetson; empty takes the packaged one.</summary>
    public string OnnxRuntimeLibrary { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // A name would be looked up in folders that others may write.
        if (OnnxRuntimeLibrary.Length > 0 && !Path.IsPathRooted(OnnxRuntimeLibrary))
        {
            yield return new ValidationResult("must be the absolute path of libonnxruntime.so, or empty", [nameof(OnnxRuntimeLibrary)]);
        }
    }
}
