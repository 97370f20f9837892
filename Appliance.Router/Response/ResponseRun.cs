using System.Globalization;
using Appliance.Hosting.Events;
using Microsoft.Extensions.Hosting;

namespace Appliance.Router.Response;

/// <summary>Tells at the start what becomes of automatic answers, and when a trial of them ends.</summary>
internal sealed class ResponseRun(ResponseTrial trial, SourceZones zones, EventLog events, TimeProvider clock) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var name in zones.FindUnknown())
        {
            events.Tell(EventSeverity.Warning, AnswerEvents.Part, $"{ResponseOptions.Section}:{nameof(ResponseOptions.AllowZones)} names '{name}', which is no zone of the policy or of a watched interface: it spares nobody.");
        }

        if (!trial.IsTrial || !trial.IsDryRun)
        {
            return;
        }

        var end = (clock.GetUtcNow() + trial.Left).ToString("u", CultureInfo.InvariantCulture);
        events.Tell(EventSeverity.Info, AnswerEvents.Part, $"Automatic answers are tried out until {end}: they are shown, and nothing is enforced.");
        try
        {
            while (trial.Left is { Ticks: > 0 } left)
            {
                await Task.Delay(left, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }

        trial.End();
        events.Tell(EventSeverity.Info, AnswerEvents.Part, $"The trial of automatic answers is over: from now on they are enforced. To go on trying them out, set {ResponseOptions.Section}:{nameof(ResponseOptions.Mode)} to '{ResponseOptions.DryRun}'.");
    }
}
