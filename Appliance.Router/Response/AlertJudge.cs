using Appliance.Router.Rules;

namespace Appliance.Router.Response;

/// <summary>Decides about an alert with all that is known besides it: other alerts, its source's zone, and whether answers are only tried out.</summary>
internal sealed class AlertJudge(ResponsePolicy policy, ResponseTrial trial, SourceZones zones, AlertEvidence evidence)
{
    public ResponsePolicy Policy => policy;

    public bool IsDryRun => trial.IsDryRun;

    /// <summary>Takes note of an alert; gives those that this one makes answerable.</summary>
    public IReadOnlyList<AlertFacts> Note(AlertFacts alert)
    {
        evidence.Note(alert);
        return evidence.WaitingFor(alert);
    }

    public ResponseDecision Decide(AlertFacts alert, Predicate<BlockTarget> isProtected)
    {
        var decision = policy.Decide(alert with { Zone = zones.Of(alert) }, isProtected);
        return decision.Answers.Count == 0 || evidence.IsEnough(alert)
            ? decision
            : new ResponseDecision([], "It rests on the model alone, and no other detector has anything against its source.");
    }
}
