namespace Appliance.Recording;

/// <summary>What a recording came to.</summary>
/// <param name="Packets">Packets recorded, those of files that have been deleted since included.</param>
/// <param name="Bytes">Their length on the wire.</param>
/// <param name="Dropped">Packets that the kernel lost before they could be read.</param>
/// <param name="Seconds">How long it lasted.</param>
/// <param name="End">Why it ended: `stopped`, `time`, `size` or `failed`.</param>
/// <param name="Files">What is there now, oldest first.</param>
/// <param name="Error">What went wrong; null where nothing did.</param>
internal sealed record RecordingSummary(
    long Packets, long Bytes, long Dropped, double Seconds, string End, IReadOnlyList<RecordedFile> Files, string? Error);
