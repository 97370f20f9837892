using System.Text.Json.Serialization;

namespace Appliance.Bmc.Flashing;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, WriteIndented = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(FlashBook))]
internal sealed partial class FlashJson : JsonSerializerContext;
