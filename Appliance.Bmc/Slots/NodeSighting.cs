namespace Appliance.Bmc.Slots;

/// <summary>What a slot's node said last, and how long it has been like that.</summary>
/// <param name="Reading">What it said, or why it did not.</param>
/// <param name="Time">When it was asked.</param>
/// <param name="LastAnswer">When it was asked the last time that it answered; null when it never did.</param>
/// <param name="FailedSince">Since when it answers that a part has failed; null while none has.</param>
internal sealed record NodeSighting(NodeReading Reading, DateTimeOffset Time, DateTimeOffset? LastAnswer, DateTimeOffset? FailedSince);
