namespace Appliance.Evaluation;

/// <summary>One capture's line of the evaluation.</summary>
internal sealed record CaptureVerdict(
    string File,
    string Expect,
    bool Detected,
    string? Category,
    double? TimeToDetectSeconds,
    int FalseAlarms,
    BaselineVerdicts Baselines);
