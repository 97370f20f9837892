using Appliance.Hosting;
using Appliance.Hosting.Errors;
using Appliance.Logger.Alerts;
using Appliance.Protos.History.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Appliance.Logger.Audit;

/// <summary>Questions about the audit trail and their answers between the wire and the domain.</summary>
internal static class AuditWire
{
    private const int DefaultPageSize = 100;

    /// <summary>Throws <see cref="InvalidInputException"/> that names every fault.</summary>
    public static AuditQuery Read(ListAuditEventsRequest request)
    {
        var faults = new List<FieldFault>();
        if (request.PageSize is < 0 or > AuditQuery.MaxLimit)
        {
            faults.Add(new FieldFault("page_size", $"is {request.PageSize}; give 1 to {AuditQuery.MaxLimit}, or 0 for {DefaultPageSize}"));
        }

        AuditCursor? after = null;
        if (request.PageToken.Length > 0 && !AuditCursor.TryRead(request.PageToken, out after))
        {
            faults.Add(new FieldFault("page_token", "is not one that ListAuditEvents returned; start without it"));
        }

        var isRole = RoleNames.TryParse(request.Role, out var role);
        if (!isRole && request.Role.Length > 0)
        {
            faults.Add(new FieldFault("role", $"is '{HostileText.Clean(request.Role, 32)}'; give one of {string.Join(", ", RoleNames.All)}, or nothing for any"));
        }

        var query = new AuditQuery
        {
            Limit = request.PageSize == 0 ? DefaultPageSize : request.PageSize,
            After = after,
            Actor = request.Actor.Length == 0 ? null : request.Actor,
            Role = isRole ? role : null,
            Start = WireTime.ReadOrFault("start_time", request.StartTime, faults),
            End = WireTime.ReadOrFault("end_time", request.EndTime, faults),
        };
        return faults.Count == 0 ? query : throw new InvalidInputException(faults);
    }

    public static AuditEvent Write(TrailEntry entry) => new()
    {
        Sequence = (ulong)entry.Entry.Sequence,
        Time = Timestamp.FromDateTimeOffset(entry.Entry.Time),
        Actor = entry.Entry.Actor,
        Role = entry.Role.Word(),
        Action = entry.Entry.Action,
        Subject = entry.Entry.Subject,
        Reason = entry.Entry.Reason,
        Allowed = entry.Entry.Allowed,
        Hash = ByteString.CopyFrom(entry.Entry.Hash.Span),
    };
}
