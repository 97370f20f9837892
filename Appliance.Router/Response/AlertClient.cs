using Appliance.Hosting;
using Appliance.Hosting.Clients;
using Appliance.Protos.Alerts.V1;
using Grpc.Core;
using Microsoft.Extensions.Hosting;

namespace Appliance.Router.Response;

/// <summary>Pulls alerts from the Detector and has them answered in order.</summary>
internal sealed class AlertClient(PeerChannels channels, WatchLoop loop, AlertResponder responder, AlertCursor cursor) : BackgroundService
{
    public const string Part = "alerts";

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.RunAsync(Part, WatchAsync, stoppingToken);

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var client = new AlertService.AlertServiceClient(channels.To(Role.Detector));
        using var call = client.WatchAlerts(new WatchAlertsRequest { AfterRevision = cursor.Revision }, cancellationToken: cancellationToken);
        try
        {
            await AnswerAllAsync(call.ResponseStream.ReadAllAsync(cancellationToken), cancellationToken);
        }
        finally
        {
            cursor.Save();
        }
    }

    private async Task AnswerAllAsync(IAsyncEnumerable<WatchAlertsResponse> responses, CancellationToken cancellationToken)
    {
        var isLive = false;
        await foreach (var response in responses)
        {
            if (response.Alert is { } alert)
            {
                var facts = AlertWire.ToFacts(alert);
                await (isLive ? responder.AnswerAsync(facts, cancellationToken) : responder.CatchUpAsync(facts, cancellationToken));
                cursor.Advance(alert.Revision);
            }

            isLive |= response.SnapshotEnd is not null;
        }
    }
}
