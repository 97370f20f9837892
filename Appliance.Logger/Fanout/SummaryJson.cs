using System.Text.Json.Serialization;
using Appliance.Logger.Export;

namespace Appliance.Logger.Fanout;

/// <summary>How a <see cref="SummaryLine"/> becomes text.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(SummaryLine))]
internal sealed partial class SummaryJson : JsonSerializerContext;
