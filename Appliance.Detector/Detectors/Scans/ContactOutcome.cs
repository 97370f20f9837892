namespace Appliance.Detector.Detectors.Scans;

/// <summary>How a first contact ended.</summary>
internal enum ContactOutcome : byte
{
    Pending,
    Answered,
    Failed,

    /// <summary>Failed, but with another likely cause than a scan.</summary>
    FailedWeakly,
}
