using System.Threading.Channels;
using Appliance.Protos.Alerts.V1;
using Grpc.Core;

namespace Appliance.Router.Tests.Response;

/// <summary>A Detector that tells the alerts that a test gives it, and remembers from which revision it was asked.</summary>
internal sealed class ScriptedAlerts(Channel<Alert> later, IReadOnlyList<Alert> before, List<ulong> asked) : AlertService.AlertServiceBase
{
    public override async Task WatchAlerts(WatchAlertsRequest request, IServerStreamWriter<WatchAlertsResponse> responseStream, ServerCallContext context)
    {
        asked.Add(request.AfterRevision);
        foreach (var alert in before.Where(alert => alert.Revision > request.AfterRevision))
        {
            await responseStream.WriteAsync(new WatchAlertsResponse { Alert = alert }, context.CancellationToken);
        }

        await responseStream.WriteAsync(new WatchAlertsResponse { SnapshotEnd = new SnapshotEnd() }, context.CancellationToken);
        await foreach (var alert in later.Reader.ReadAllAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(new WatchAlertsResponse { Alert = alert }, context.CancellationToken);
        }
    }
}
