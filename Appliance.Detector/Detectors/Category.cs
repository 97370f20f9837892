namespace Appliance.Detector.Detectors;

/// <summary>What kind of trouble an alert is about.</summary>
public enum Category : byte
{
    None,
    Scan,
    BruteForce,
    Flood,
    Beacon,
    Tunnel,
    Exfiltration,
    Spoofing,
    Policy,
    Anomaly,
    System,
}
