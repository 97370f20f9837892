using System.Text.Json.Serialization;

namespace Appliance.Training;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TrainingSummary))]
internal sealed partial class TrainingSummaryJson : JsonSerializerContext;
