namespace Appliance.Detector.Models;

/// <summary>A model of the library.</summary>
/// <param name="Id">SHA-256 of its file in lower-case hexadecimal digits.</param>
/// <param name="Number">Counts what the library took in; its version for people and tools.</param>
/// <param name="SizeBytes">Of its file.</param>
/// <param name="Network">What its file says.</param>
internal sealed record StoredModel(string Id, long Number, long SizeBytes, Autoencoder Network);
