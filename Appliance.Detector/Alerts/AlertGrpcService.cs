using Appliance.Hosting.Authorization;
using Appliance.Hosting.Errors;
using Appliance.Protos.Alerts.V1;
using Grpc.Core;

namespace Appliance.Detector.Alerts;

/// <summary>Alerts for the roles and people that watch them.</summary>
internal sealed partial class AlertGrpcService(AlertStore store, AlertWatch watch, TimeProvider clock) : AlertService.AlertServiceBase
{
    public override Task WatchAlerts(WatchAlertsRequest request, IServerStreamWriter<WatchAlertsResponse> responseStream, ServerCallContext context) =>
        watch.SendAsync(request.AfterRevision, alert => responseStream.WriteAsync(Response(alert), context.CancellationToken), context.CancellationToken);

    public override Task<AcknowledgeAlertResponse> AcknowledgeAlert(AcknowledgeAlertRequest request, ServerCallContext context)
    {
        if (request.AlertId.Length != Ulid.Length)
        {
            throw new InvalidInputException("alert_id", $"has {request.AlertId.Length} characters, an alert's id has {Ulid.Length}");
        }

        var alert = store.Acknowledge(request.AlertId, context.Caller().ToString(), clock.GetUtcNow());
        return Task.FromResult(new AcknowledgeAlertResponse { Alert = Message(alert) });
    }
}
