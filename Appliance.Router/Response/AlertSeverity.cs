namespace Appliance.Router.Response;

/// <summary>How bad an alert is, from least to worst.</summary>
public enum AlertSeverity
{
    Info,
    Low,
    Medium,
    High,
    Critical,
}
