using System.Text.Json.Serialization;

namespace Appliance.Detector.Alerts;

/// <summary>Reads and writes <see cref="AlertRow"/> without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AlertRow))]
internal sealed partial class AlertRowJson : JsonSerializerContext;
