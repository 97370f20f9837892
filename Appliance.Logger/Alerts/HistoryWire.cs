using Appliance.Hosting.Errors;
using Appliance.Protos.History.V1;
using Google.Protobuf.WellKnownTypes;
using Wire = Appliance.Protos.History.V1.StoredAlert;

namespace Appliance.Logger.Alerts;

/// <summary>History questions and answers between the wire and the domain.</summary>
internal static class HistoryWire
{
    private const int DefaultPageSize = 100;

    /// <summary>Throws <see cref="InvalidInputException"/> that names every fault.</summary>
    public static AlertQuery Read(ListAlertsRequest request)
    {
        var faults = new List<FieldFault>();
        if (request.PageSize is < 0 or > AlertQuery.MaxLimit)
        {
            faults.Add(new FieldFault("page_size", $"is {request.PageSize}; give 1 to {AlertQuery.MaxLimit}, or 0 for {DefaultPageSize}"));
        }

        AlertCursor? after = null;
        if (request.PageToken.Length > 0 && !AlertPageToken.TryRead(request.PageToken, out after))
        {
            faults.Add(new FieldFault("page_token", "is not one that ListAlerts returned; start without it"));
        }

        string? category = AlertWire.Word(request.Category);
        if (category is null && request.Category != default)
        {
            faults.Add(new FieldFault("category", $"is {(int)request.Category}, which is no category; leave it unset for any"));
        }

        string? severity = AlertWire.Word(request.MinSeverity);
        if (severity is null && request.MinSeverity != default)
        {
            faults.Add(new FieldFault("min_severity", $"is {(int)request.MinSeverity}, which is no severity; leave it unset for any"));
        }

        var query = new AlertQuery
        {
            Limit = request.PageSize == 0 ? DefaultPageSize : request.PageSize,
            After = after,
            Category = category,
            MinSeverity = severity,
            Source = request.Source.Length == 0 ? null : request.Source,
            Start = WireTime.ReadOrFault("start_time", request.StartTime, faults),
            End = WireTime.ReadOrFault("end_time", request.EndTime, faults),
        };
        return faults.Count == 0 ? query : throw new InvalidInputException(faults);
    }

    public static Wire Write(StoredAlert alert) => new()
    {
        Alert = AlertWire.Write(alert),
        Action = alert.Action switch
        {
            AlertAction.None => Wire.Types.Action.None,
            AlertAction.WouldBlock => Wire.Types.Action.WouldBlock,
            AlertAction.Blocked => Wire.Types.Action.Blocked,
            AlertAction.RateLimited => Wire.Types.Action.RateLimited,
            _ => throw new ArgumentOutOfRangeException(nameof(alert), alert.Action, "No wire value for this action."),
        },
        StoreTime = Timestamp.FromDateTimeOffset(alert.StoreTime),
        PublishTime = alert.PublishTime is { } time ? Timestamp.FromDateTimeOffset(time) : null,
    };
}
