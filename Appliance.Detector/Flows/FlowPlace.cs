namespace Appliance.Detector.Flows;

/// <summary>Where to go on after a restart.</summary>
/// <param name="Cursor">Some minutes before the last event seen, so that what detectors knew of these minutes is learned again.</param>
/// <param name="SeenSequence">The last event seen: what is missing before it was not lost.</param>
internal sealed record FlowPlace(FlowCursor Cursor, ulong SeenSequence);
