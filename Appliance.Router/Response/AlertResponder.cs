using Appliance.Router.Rules;

namespace Appliance.Router.Response;

/// <summary>Turns alerts into blocks that name them.</summary>
internal sealed class AlertResponder(AlertJudge judge, RuleBook rules, BlockTable history, AnswerEvents events, TimeProvider clock)
{
    public const string Creator = "response";

    /// <summary>Answers one revision of an alert, as far as it is not answered yet, and those that waited for it as evidence.</summary>
    public async Task AnswerAsync(AlertFacts alert, CancellationToken cancellationToken)
    {
        var waiting = judge.Note(alert);
        await AnswerOneAsync(alert, cancellationToken);
        foreach (var other in waiting)
        {
            await AnswerOneAsync(other, cancellationToken);
        }
    }

    /// <summary>Alerts of the time that the router was away; old ones would block an address that may have a new owner.</summary>
    public Task CatchUpAsync(AlertFacts alert, CancellationToken cancellationToken)
    {
        if (!judge.Policy.IsStale(alert, clock.GetUtcNow()))
        {
            return AnswerAsync(alert, cancellationToken);
        }

        judge.Note(alert);
        return Task.CompletedTask;
    }

    private async Task AnswerOneAsync(AlertFacts alert, CancellationToken cancellationToken)
    {
        var decision = judge.Decide(alert, target => rules.Protected.Find(target) is not null);
        if (decision.IsSpared)
        {
            events.Spared(alert, decision.Reason);
        }

        var requests = decision.Answers.Select(answer => Ask(alert, answer, decision.Reason)).OfType<BlockRequest>().ToList();
        if (requests.Count == 0)
        {
            return;
        }

        var outcomes = await rules.Blocks.CreateAllAsync(requests, cancellationToken);
        foreach (var (request, outcome) in requests.Zip(outcomes))
        {
            Tell(alert, request, outcome);
        }
    }

    private void Tell(AlertFacts alert, BlockRequest request, BlockOutcome outcome)
    {
        if (outcome.Refusal is { } refusal)
        {
            events.Refused(alert, request.Target, refusal.Message);
        }
        else if (outcome.Block is { } block && block.AlertId == alert.Id && block.IsDryRun == request.IsDryRun)
        {
            // Else a dry run met a block that is enforced already, and changed nothing.
            events.Answered(alert, block, request.Duration);
        }
    }

    private BlockRequest? Ask(AlertFacts alert, Answer answer, string reason)
    {
        var now = clock.GetUtcNow();
        var isDryRun = judge.IsDryRun;
        var duration = judge.Policy.DurationAfter(history.CountServed(answer.Target, answer.Action, judge.Policy.CountedSince(now), isDryRun));
        if (IsDone(alert, answer, duration, isDryRun, now))
        {
            return null;
        }

        return new BlockRequest(answer.Target, answer.Action, duration, $"{alert.Category} ({alert.Severity}): {reason}", Creator)
        {
            AlertId = alert.Id,
            PacketsPerSecond = answer.PacketsPerSecond,
            IsDryRun = isDryRun,
        };
    }

    private bool IsDone(AlertFacts alert, Answer answer, TimeSpan duration, bool isDryRun, DateTimeOffset now)
    {
        // An alert has one source: whoever lifted the block of its address means its station, too.
        if (answer.Action == BlockAction.Drop && history.IsUndone(alert.Id, answer.Action))
        {
            return true;
        }

        return history.FindAnswer(alert.Id, answer.Target, answer.Action) is { } past
            && !ResponsePolicy.Renews(past, duration, now)
            && !(past is { EndCause: null, Block.IsDryRun: true } && !isDryRun);
    }
}
