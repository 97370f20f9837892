using System.Text.Json.Serialization;

namespace Appliance.Logger.Alerts;

/// <summary>The lists of an alert as the store keeps them.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<AlertExplanation>))]
internal sealed partial class AlertRowJson : JsonSerializerContext;
