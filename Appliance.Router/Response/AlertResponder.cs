using Appliance.Router.Rules;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Response;

/// <summary>Turns alerts into blocks that name them.</summary>
internal sealed partial class AlertResponder(ResponsePolicy policy, RuleBook rules, BlockTable history, TimeProvider clock, ILogger<AlertResponder> logger)
{
    public const string Creator = "response";

    /// <summary>Answers one revision of an alert, as far as it is not answered yet.</summary>
    public async Task AnswerAsync(AlertFacts alert, CancellationToken cancellationToken)
    {
        var decision = policy.Decide(alert, target => rules.Protected.Find(target) is not null);
        var requests = decision.Answers.Select(answer => Ask(alert, answer, decision.Reason)).OfType<BlockRequest>().ToList();
        if (requests.Count == 0)
        {
            return;
        }

        var outcomes = await rules.Blocks.CreateAllAsync(requests, cancellationToken);
        foreach (var (request, outcome) in requests.Zip(outcomes).Where(pair => pair.Second.Refusal is not null))
        {
            LogRefused(alert.Id, request.Target, outcome.Refusal!.Message);
        }
    }

    /// <summary>Alerts of the time that the router was away; old ones would block an address that may have a new owner.</summary>
    public Task CatchUpAsync(AlertFacts alert, CancellationToken cancellationToken) =>
        policy.IsStale(alert, clock.GetUtcNow()) ? Task.CompletedTask : AnswerAsync(alert, cancellationToken);

    private BlockRequest? Ask(AlertFacts alert, Answer answer, string reason)
    {
        var now = clock.GetUtcNow();
        var duration = policy.DurationAfter(history.CountServed(answer.Target, answer.Action, policy.CountedSince(now)));
        if (history.FindAnswer(alert.Id, answer.Target, answer.Action) is { } past && !ResponsePolicy.Renews(past, duration, now))
        {
            return null;
        }

        return new BlockRequest(answer.Target, answer.Action, duration, $"{alert.Category} ({alert.Severity}): {reason}", Creator)
        {
            AlertId = alert.Id,
            PacketsPerSecond = answer.PacketsPerSecond,
            IsDryRun = policy.IsDryRun,
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Alert {AlertId} is not answered at {Target}: {Refusal}")]
    private partial void LogRefused(string alertId, BlockTarget target, string refusal);
}
