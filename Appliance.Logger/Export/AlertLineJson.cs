using System.Text.Json.Serialization;

namespace Appliance.Logger.Export;

/// <summary>How an <see cref="AlertLine"/> becomes text; the default encoder keeps it to ASCII.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(UtcTimeConverter), typeof(FiniteNumberConverter)])]
[JsonSerializable(typeof(AlertLine))]
internal sealed partial class AlertLineJson : JsonSerializerContext;
