using Appliance.Router.Response;
using Appliance.Router.Tests.Rules;

namespace Appliance.Router.Tests.Response;

/// <summary>Alerts as the tests need them.</summary>
internal static class Facts
{
    public const string Station = "02:00:5e:00:53:07";

    /// <summary>A confirmed scan from outside.</summary>
    public static AlertFacts Scan(string source = "203.0.113.7", string id = "alert-1") => new(
        id,
        "scan",
        AlertSeverity.Medium,
        0.9,
        source,
        Samples.Target(Station).ToBytes(),
        IsSourceConfirmed: true,
        ["198.51.100.1", "198.51.100.2"],
        Samples.Start);

    public static AlertFacts Flood(params string[] targets) => Scan("203.0.113.7") with { Category = "flood", IsSourceConfirmed = false, Destinations = targets };
}
