using System.Text.Json.Serialization;

namespace Appliance.Evaluation;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CaptureVerdict))]
[JsonSerializable(typeof(TotalLine))]
internal sealed partial class EvaluationJson : JsonSerializerContext;
