using System.Text.Json.Serialization;

namespace Appliance.Recording;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RecordingSummary))]
internal sealed partial class RecordingSummaryJson : JsonSerializerContext;
