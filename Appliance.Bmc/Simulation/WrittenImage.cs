namespace Appliance.Bmc.Simulation;

/// <summary>What was written to a simulated module, and what it says it is.</summary>
/// <param name="Length">Bytes on the module.</param>
/// <param name="Sha256">Their digest, in lower hex.</param>
/// <param name="Head">At most the first MiB.</param>
/// <param name="IsWhole">False when the writing ended early or the storage was damaged since; the module then does not boot.</param>
/// <param name="Label">What the head names, or null.</param>
public sealed record WrittenImage(long Length, string Sha256, ReadOnlyMemory<byte> Head, bool IsWhole, ImageLabel? Label);
