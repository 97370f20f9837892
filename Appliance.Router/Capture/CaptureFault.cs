namespace Appliance.Router.Capture;

/// <summary>Where and why a capture stopped being readable; every frame before it was given.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Offset">Byte of the file at which the damaged part begins.</param>
/// <param name="Expected">What the capture claims there, or the most that is allowed.</param>
/// <param name="Found">What is there instead.</param>
/// <param name="Text">One line for people: the thing, both values, the way out.</param>
public sealed record CaptureFault(CaptureFaultKind Kind, long Offset, long Expected, long Found, string Text);
