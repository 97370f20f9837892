using Appliance.Logger.Audit;
using Appliance.Protos.History.V1;
using Grpc.Core;

namespace Appliance.Logger.Alerts;

/// <summary>Answers HistoryService from the store.</summary>
internal sealed class HistoryGrpcService(AlertHistory history, AuditTrail trail) : HistoryService.HistoryServiceBase
{
    public override Task<ListAlertsResponse> ListAlerts(ListAlertsRequest request, ServerCallContext context)
    {
        var (alerts, next) = history.List(HistoryWire.Read(request));
        var response = new ListAlertsResponse { NextPageToken = next is null ? "" : AlertPageToken.Write(next) };
        response.Alerts.AddRange(alerts.Select(HistoryWire.Write));
        return Task.FromResult(response);
    }

    public override Task<GetAlertResponse> GetAlert(GetAlertRequest request, ServerCallContext context) =>
        Task.FromResult(new GetAlertResponse { Alert = HistoryWire.Write(history.Get(request.AlertId)) });

    public override Task<ListAuditEventsResponse> ListAuditEvents(ListAuditEventsRequest request, ServerCallContext context)
    {
        var query = AuditWire.Read(request);
        var entries = trail.List(query);
        return Task.FromResult(new ListAuditEventsResponse
        {
            Events = { entries.Select(AuditWire.Write) },
            NextPageToken = entries.Count == query.Limit ? AuditCursor.After(entries[^1]).ToToken() : "",
        });
    }
}
