namespace Appliance.Recording;

/// <summary>A finished file of a recording.</summary>
internal sealed record RecordedFile(string Name, long Packets, long Bytes);
