using System.Text.Json.Serialization;

namespace Appliance.Detector.Models;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ModelIndex))]
internal sealed partial class ModelIndexJson : JsonSerializerContext;
