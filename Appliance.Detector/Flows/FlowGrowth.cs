namespace Appliance.Detector.Flows;

/// <summary>What a flow has gained since its last event, and over what time.</summary>
/// <param name="PacketsOut">From source to destination.</param>
/// <param name="PacketsIn">The other way.</param>
/// <param name="BytesOut">IP bytes from source to destination.</param>
/// <param name="BytesIn">The other way.</param>
/// <param name="LoginFailures">New ones.</param>
/// <param name="LoginSuccesses">New ones.</param>
/// <param name="Nanoseconds">From the last packet told of before to the last one now.</param>
/// <param name="IsFirst">The flow was not told of since it began.</param>
public readonly record struct FlowGrowth(long PacketsOut, long PacketsIn, long BytesOut, long BytesIn, int LoginFailures, int LoginSuccesses, long Nanoseconds, bool IsFirst);
