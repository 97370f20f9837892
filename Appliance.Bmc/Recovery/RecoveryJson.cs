using System.Text.Json.Serialization;

namespace Appliance.Bmc.Recovery;

/// <summary>The form of the book on disk.</summary>
[JsonSerializable(typeof(RecoveryBook))]
[JsonSourceGenerationOptions(UseStringEnumConverter = true, WriteIndented = true)]
internal sealed partial class RecoveryJson : JsonSerializerContext;
