namespace Appliance.Bmc.NodeFiles;

/// <summary>An entry of an image's partition table.</summary>
internal sealed record Partition(string Name, ByteRange Range);
