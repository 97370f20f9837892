using System.Text.Json.Serialization;

namespace Appliance.Hosting.Updates;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(NodeImage))]
[JsonSerializable(typeof(NodePackage))]
[JsonSerializable(typeof(PackageManifest))]
[JsonSerializable(typeof(PackageVerdict))]
[JsonSerializable(typeof(GoodVersions))]
[JsonSerializable(typeof(Activation))]
internal sealed partial class UpdateJson : JsonSerializerContext;
