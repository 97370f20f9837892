using System.Runtime.CompilerServices;
using Appliance.Hosting;
using Appliance.Hosting.Clients;
using Appliance.Protos.Alerts.V1;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Logger.Alerts;

/// <summary>Pulls alerts from the Detector into the store, from behind the last one stored: a crash on either side loses and doubles nothing.</summary>
internal sealed partial class AlertWatch(
    PeerChannels peers, WatchLoop loop, AlertIntake intake, AlertStore store, ILogger<AlertWatch> logger) : BackgroundService
{
    // One commit costs a flush of the medium (up to some ms), so what is there already is stored together.
    private const int BatchSize = 256;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.RunAsync("detector alerts", PullAsync, stoppingToken);

    // The last alert stored is asked for once more: a Detector that does not know it lost its file and counts anew,
    // and would else send nothing until it had counted past the old revision.
    private async Task PullAsync(CancellationToken token)
    {
        long last = store.LastRevision;
        string? known = store.LastAlertId;
        ulong after = known is null ? (ulong)last : (ulong)last - 1;
        using var call = new AlertService.AlertServiceClient(peers.To(Role.Detector))
            .WatchAlerts(new WatchAlertsRequest { AfterRevision = after }, cancellationToken: token);
        await foreach (var batch in BatchesAsync(call.ResponseStream, token))
        {
            bool isKnown = known is null || batch.Exists(change => change.Alert?.Id == known);
            known = isKnown ? null : known;
            if (known is not null && batch.Exists(change => change.SnapshotEnd is not null))
            {
                LogDetectorReset(last);
                store.ForgetCursor();
                return;
            }

            intake.Take([.. batch.Where(change => change.Alert is not null).Select(change => change.Alert)]);
        }
    }

    private static async IAsyncEnumerable<List<WatchAlertsResponse>> BatchesAsync(
        IAsyncStreamReader<WatchAlertsResponse> stream, [EnumeratorCancellation] CancellationToken token)
    {
        var batch = new List<WatchAlertsResponse>();
        var next = stream.MoveNext(token);
        while (await next)
        {
            batch.Add(stream.Current);
            next = stream.MoveNext(token);
            if (batch.Count >= BatchSize || !next.IsCompleted)
            {
                yield return batch;
                batch = [];
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Detector does not know the alert of revision {Revision}: it began a new file. All that it holds is pulled.")]
    private partial void LogDetectorReset(long revision);
}
