using System.Text.Json.Serialization;

namespace Appliance.Bmc.Images;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(Image))]
internal sealed partial class ImageJson : JsonSerializerContext;
