using Appliance.Logger.Alerts;

namespace Appliance.Logger.Dashboard.Words;

/// <summary>The contract's words in plain English.</summary>
internal static class AlertTitles
{
    /// <summary>For example "Brute force".</summary>
    public static string Category(string category) => category switch
    {
        "scan" => "Scan",
        "brute-force" => "Brute force",
        "flood" => "Flood",
        "beacon" => "Beacon",
        "tunnel" => "Tunnel",
        "exfiltration" => "Exfiltration",
        "spoofing" => "Spoofing",
        "policy" => "Policy",
        "anomaly" => "Unusual traffic",
        "system" => "System",
        _ => PlainText.Name(category),
    };

    /// <summary>What such an alert means, in one sentence.</summary>
    public static string Meaning(string category) => category switch
    {
        "scan" => "The source tries addresses or ports one after the other to find out what is there.",
        "brute-force" => "The source guesses passwords.",
        "flood" => "The source sends so much that the target may fail.",
        "beacon" => "A device calls the same place at regular times, as malware does.",
        "tunnel" => "Data travels hidden inside another protocol.",
        "exfiltration" => "A device sends out far more data than it used to.",
        "spoofing" => "Somebody pretends to be another device.",
        "policy" => "A device does what it is not meant to do.",
        "anomaly" => "A device behaves unlike itself.",
        "system" => "The gateway reports something about itself.",
        _ => "",
    };

    public static string Severity(string severity) => severity switch
    {
        "critical" => "Critical",
        "high" => "High",
        "medium" => "Medium",
        "low" => "Low",
        "info" => "Info",
        _ => PlainText.Name(severity),
    };

    public static string Action(AlertAction action) => action switch
    {
        AlertAction.Blocked => "Blocked",
        AlertAction.RateLimited => "Rate-limited",
        AlertAction.WouldBlock => "Would block",
        _ => "No action",
    };

    /// <summary>For example "SSH (tcp/22)".</summary>
    public static string Service(string service) => service switch
    {
        "" => "",
        "tcp/21" => "FTP (tcp/21)",
        "tcp/22" => "SSH (tcp/22)",
        "tcp/23" => "Telnet (tcp/23)",
        "tcp/25" => "SMTP (tcp/25)",
        "tcp/53" or "udp/53" => $"DNS ({service})",
        "udp/67" => "DHCP (udp/67)",
        "tcp/80" => "HTTP (tcp/80)",
        "udp/123" => "NTP (udp/123)",
        "tcp/443" or "udp/443" => $"HTTPS ({service})",
        "tcp/445" => "SMB (tcp/445)",
        "tcp/1883" => "MQTT (tcp/1883)",
        "tcp/3389" => "RDP (tcp/3389)",
        "tcp/8883" => "MQTT over TLS (tcp/8883)",
        _ => PlainText.Name(service),
    };

    /// <summary>The first two by name, the rest by number.</summary>
    public static string Destinations(IReadOnlyList<string> destinations) => destinations.Count switch
    {
        0 => "",
        1 => PlainText.Name(destinations[0]),
        2 => $"{PlainText.Name(destinations[0])}, {PlainText.Name(destinations[1])}",
        var count => $"{PlainText.Name(destinations[0])} and {count - 1} more",
    };
}
