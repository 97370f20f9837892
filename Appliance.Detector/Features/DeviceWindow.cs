namespace Appliance.Detector.Features;

/// <summary>What one device did in ten seconds.</summary>
/// <param name="Device">MAC address, or IP address where no MAC is known.</param>
/// <param name="Start">Nanoseconds since 1970 UTC of the capture's clock; a multiple of the window's length.</param>
/// <param name="Values">In the order of <see cref="FeatureSchema.Names"/>, in the features' own units.</param>
public sealed record DeviceWindow(string Device, long Start, float[] Values);
