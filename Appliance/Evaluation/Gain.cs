namespace Appliance.Evaluation;

/// <summary>What a flow has gained since its last event.</summary>
/// <param name="PacketsOut">From source to destination.</param>
/// <param name="PacketsIn">The other way.</param>
/// <param name="LoginFailures">New ones.</param>
/// <param name="Nanoseconds">The time in which it was gained.</param>
internal readonly record struct Gain(long PacketsOut, long PacketsIn, int LoginFailures, long Nanoseconds);
