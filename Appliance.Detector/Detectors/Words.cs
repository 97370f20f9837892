namespace Appliance.Detector.Detectors;

/// <summary>The words that the alert contract uses for categories and severities.</summary>
public static class Words
{
    public static string ToWord(this Category category) => category switch
    {
        Category.Scan => "scan",
        Category.BruteForce => "brute-force",
        Category.Flood => "flood",
        Category.Beacon => "beacon",
        Category.Tunnel => "tunnel",
        Category.Exfiltration => "exfiltration",
        Category.Spoofing => "spoofing",
        Category.Policy => "policy",
        Category.Anomaly => "anomaly",
        Category.System => "system",
        _ => throw new ArgumentOutOfRangeException(nameof(category), category, "Not a category of the alert contract."),
    };

    public static string ToWord(this Severity severity) => severity switch
    {
        Severity.Info => "info",
        Severity.Low => "low",
        Severity.Medium => "medium",
        Severity.High => "high",
        Severity.Critical => "critical",
        _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, "Not a severity of the alert contract."),
    };
}
