using Appliance.Detector.Alerts;
using Appliance.Detector.Detectors;
using Appliance.Logger.Alerts;
using Appliance.Logger.Export;
using Appliance.Router.Response;

namespace Appliance.Analysis;

/// <summary>The Detector's alert as the one JSON line that MQTT and exports carry too.</summary>
internal static class AlertLines
{
    public static AlertLine Of(Alert alert) => new(
        alert.Id,
        alert.Time,
        alert.Category.ToWord(),
        alert.Severity.ToWord(),
        alert.Source.ToString(),
        alert.Destinations,
        alert.Service.ToString(),
        alert.Technique,
        alert.Confidence,
        new Logger.Alerts.AlertEvidence(alert.Evidence.Events, alert.Evidence.First, alert.Evidence.Last),
        [.. alert.Explanations.Select(reason => new AlertExplanation(reason.Feature, reason.Value, reason.Normal, reason.Text))],
        Decide(alert));

    /// <summary>What an appliance with the default policy would have done; nothing is enforced here.</summary>
    private static string Decide(Alert alert)
    {
        var facts = new AlertFacts(
            alert.Id,
            alert.Category.ToWord(),
            Enum.Parse<AlertSeverity>(alert.Severity.ToWord(), ignoreCase: true),
            alert.Confidence,
            alert.Source.ToString(),
            alert.SourceMac.IsEmpty ? default : Convert.FromHexString(alert.SourceMac.ToString().Replace(":", "", StringComparison.Ordinal)),
            alert.IsSourceConfirmed,
            alert.Destinations,
            alert.Evidence.Last);
        return new ResponsePolicy(new ResponseOptions()).Decide(facts, _ => false).Word(isEnforced: false);
    }
}
