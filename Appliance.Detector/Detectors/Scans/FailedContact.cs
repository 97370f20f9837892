namespace Appliance.Detector.Detectors.Scans;

internal readonly record struct FailedContact(long Time, UInt128 Host, Service Service, bool IsWeak);
