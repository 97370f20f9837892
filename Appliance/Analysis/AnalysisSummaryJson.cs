using System.Text.Json.Serialization;

namespace Appliance.Analysis;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AnalysisSummary))]
internal sealed partial class AnalysisSummaryJson : JsonSerializerContext;
