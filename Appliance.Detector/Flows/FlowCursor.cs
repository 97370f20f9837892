namespace Appliance.Detector.Flows;

/// <summary>A place in the Router's event stream; the epoch changes at each start of the Router.</summary>
internal sealed record FlowCursor(string Epoch, ulong Sequence);
