namespace Appliance.Logger.Alerts;

/// <summary>The words of the alert contract.</summary>
public static class AlertWords
{
    /// <summary>From the lowest to the highest; the index is the rank.</summary>
    public static IReadOnlyList<string> Severities { get; } = ["info", "low", "medium", "high", "critical"];

    public static IReadOnlyList<string> Categories { get; } =
        ["scan", "brute-force", "flood", "beacon", "tunnel", "exfiltration", "spoofing", "policy", "anomaly", "system"];

    /// <summary>0 for "info" up to 4 for "critical"; -1 for any other word.</summary>
    public static int Rank(string severity)
    {
        for (int rank = 0; rank < Severities.Count; rank++)
        {
            if (Severities[rank] == severity)
            {
                return rank;
            }
        }

        return -1;
    }

    public static string Of(AlertAction action) => action switch
    {
        AlertAction.None => "none",
        AlertAction.WouldBlock => "would-block",
        AlertAction.RateLimited => "rate-limited",
        AlertAction.Blocked => "blocked",
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "No word for this action."),
    };
}
