namespace Appliance.Detector.Detectors;

/// <summary>Where detectors put what they find; the spans live only as long as the call.</summary>
public delegate void FindingReport(in Finding finding, ReadOnlySpan<UInt128> destinations, ReadOnlySpan<Reason> reasons);
