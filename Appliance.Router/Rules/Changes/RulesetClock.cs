using System.Globalization;
using Appliance.Hosting.Audit;
using Appliance.Hosting.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Rules.Changes;

/// <summary>Takes back what nobody confirms in time, and writes down that it did.</summary>
/// <remarks>The firewall goes back whether or not the audit log can be written: that is told again and again until it is.</remarks>
internal sealed partial class RulesetClock(RulesetStore store, AuditLog audit, EventLog events, TimeProvider clock, ILogger<RulesetClock> logger) : BackgroundService
{
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(1);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        store.Recover();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await store.RevertDueAsync(stoppingToken);
                if (TellReverted())
                {
                    await store.WaitForDueAsync(stoppingToken);
                    continue;
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
#pragma warning disable CA1031 // A firewall or a disk that fails now must not keep an unconfirmed ruleset for good: it is told and tried again.
            catch (Exception error)
#pragma warning restore CA1031
            {
                LogFault(error);
            }

            await Task.Delay(PauseAfterFault, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // False when the audit log could not be written.
    private bool TellReverted()
    {
        foreach (var ruleset in store.ReadUntold())
        {
            var deadline = ruleset.Deadline.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            if (!audit.TryEnter(new AuditRecord(audit.Self, "RevertRuleset", $"ruleset_id={ruleset.Id}", $"not confirmed by {deadline}: {ruleset.Reason}")))
            {
                return false;
            }

            LogReverted(ruleset.Id, ruleset.Creator, deadline);
            events.Tell(EventSeverity.Warning, RulesetKeeper.Part, $"Ruleset {ruleset.Id} of {ruleset.Creator} was not confirmed by {deadline} and was taken back; the one before it is in force.");
            store.MarkTold(ruleset);
        }

        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ruleset {RulesetId} of {Creator} was not confirmed by {Deadline} and was taken back.")]
    private partial void LogReverted(string rulesetId, string creator, string deadline);

    [LoggerMessage(Level = LogLevel.Error, Message = "A ruleset that nobody confirmed could not be taken back, or that be told; it is tried again in a second.")]
    private partial void LogFault(Exception error);
}
