using System.Globalization;
using Appliance.Hosting.Events;
using Appliance.Router.Rules;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Response;

/// <summary>Tells of each automatic answer, of each that was not given to spare somebody, and of each that people have undone.</summary>
internal sealed partial class AnswerEvents(EventLog events, ILogger<AnswerEvents> logger)
{
    public const string Part = "response";

    // A spared source may raise a revision a second: it is told once. What is forgotten here may be told twice.
    private const int MaxSpared = 1024;

    private readonly Lock _turn = new();
    private readonly HashSet<string> _spared = new(StringComparer.Ordinal);
    private readonly Queue<string> _sparedInOrder = new();

    public void Answered(AlertFacts alert, Block block, TimeSpan duration)
    {
        var dryRun = block.IsDryRun ? " It is a dry run: nothing is enforced." : "";
        var deed = block.Action == BlockAction.RateLimit
            ? string.Create(CultureInfo.InvariantCulture, $"lets {block.PacketsPerSecond} new packets a second through to")
            : "drops all from";
        Tell(string.Create(
            CultureInfo.InvariantCulture,
            $"Alert {alert.Id} ({alert.Category}) is answered: block {block.Id} {deed} {block.Target} for {duration:c}, until {block.ExpireTime:u}.{dryRun} To undo it, DeleteBlock, or 'appliance blocks remove {block.Id}'."));
    }

    /// <summary>Once an alert, however often it changes.</summary>
    public void Spared(AlertFacts alert, string reason)
    {
        lock (_turn)
        {
            if (!_spared.Add(alert.Id))
            {
                return;
            }

            _sparedInOrder.Enqueue(alert.Id);
            if (_sparedInOrder.Count > MaxSpared)
            {
                _spared.Remove(_sparedInOrder.Dequeue());
            }
        }

        Tell($"Alert {alert.Id} ({alert.Category}) is not answered: {reason}");
    }

    public void Ended(Block block, EndCause cause) => Tell(cause == EndCause.Lifted
        ? $"The answer to alert {block.AlertId} is undone: block {block.Id} of {block.Target} was lifted. This alert gets no such answer again."
        : $"The answer to alert {block.AlertId} is over: {block.Target} is protected now, so block {block.Id} was lifted.");

    public void Refused(AlertFacts alert, BlockTarget target, string refusal) => LogRefused(alert.Id, target, refusal);

    private void Tell(string text) => events.Tell(EventSeverity.Info, Part, text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Alert {AlertId} is not answered at {Target}: {Refusal}")]
    private partial void LogRefused(string alertId, BlockTarget target, string refusal);
}
