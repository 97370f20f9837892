using System.Diagnostics.Metrics;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Identity;
using Appliance.Hosting.Listeners;
using Google.Rpc;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Appliance.Hosting.Authorization;

/// <summary>Holds every call on the gRPC listener against the method table, before any of its body is read.</summary>
internal sealed partial class MethodGate : IMiddleware
{
    private readonly TimeProvider _clock;
    private readonly MinuteBudget _logBudget;
    private readonly ILogger _logger;
    private readonly Counter<long> _denied;

    public MethodGate(RunningRole running, IMeterFactory meters, TimeProvider clock, ILogger<MethodGate> logger)
    {
        _clock = clock;
        _logBudget = new MinuteBudget(clock, Enum.GetValues<Denial>().Length);
        _logger = logger;
        _denied = meters.Create(running.MeterName).CreateCounter<long>("appliance.calls.denied", "{call}", "Calls refused before their service, by reason.");
    }

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<ListenerMark>()?.Listener != Listener.Grpc)
        {
            return next(context);
        }

        var method = context.Request.Path.Value?.TrimStart('/') ?? "";
        var peer = context.Features.Get<ConnectionPeer>();
        var denial = Judge(context, method, peer);
        return denial == Denial.None ? next(context) : Deny(context, method, peer?.Identity, denial);
    }

    private Denial Judge(HttpContext context, string method, ConnectionPeer? peer)
    {
        if (peer is null)
        {
            return Denial.NoIdentity;
        }

        // A connection may outlive the certificate that opened it.
        if (peer.ExpireTime <= _clock.GetUtcNow())
        {
            return Denial.CertificateExpired;
        }

        if (!MethodTable.Lists(method))
        {
            return Denial.MethodNotListed;
        }

        if (!MethodTable.Allows(method, peer.Identity))
        {
            return Denial.CallerNotAllowed;
        }

        // gRPC maps catch-all endpoints for methods that nobody serves; only real ones carry the method.
        var served = context.GetEndpoint()?.Metadata;
        return served?.GetMetadata<ListenerMark>()?.Listener == Listener.Grpc && served.GetMetadata<GrpcMethodMetadata>() is not null
            ? Denial.None
            : Denial.MethodNotServed;
    }

    private Task Deny(HttpContext context, string method, PeerIdentity? peer, Denial denial)
    {
        // By reason only: a method's name comes from the caller and would make series without end.
        _denied.Add(1, new KeyValuePair<string, object?>("reason", denial.ToString()));
        if (_logBudget.TryTake((int)denial))
        {
            LogDenied(peer, ForeignText.OneLine(method), denial);
        }

        return TrailersOnly.WriteAsync(context.Response, Describe(method, peer, denial));
    }

    private static Status Describe(string method, PeerIdentity? peer, Denial denial) => denial switch
    {
        Denial.NoIdentity => ErrorStatus.Of(Code.Unauthenticated, "NO_IDENTITY", "The connection carries no identity; connect with a certificate of the site."),
        Denial.CertificateExpired => ErrorStatus.Of(Code.Unauthenticated, "CERTIFICATE_EXPIRED", "The certificate has expired since the connection was made; connect with a new one."),
        Denial.MethodNotListed => ErrorStatus.Of(Code.PermissionDenied, "METHOD_NOT_LISTED", $"{method} is not a method that anyone may call; list the services by reflection."),
        Denial.MethodNotServed => ErrorStatus.Of(Code.Unimplemented, "METHOD_NOT_SERVED", $"This role does not answer {method}; call the role that owns it."),
        _ => ErrorStatus.Of(Code.PermissionDenied, "CALLER_NOT_ALLOWED", $"{peer} may not call {method}; it takes {MethodTable.Needs(method)}."),
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Call of {Method} by {Peer} was refused: {Denial}.")]
    private partial void LogDenied(PeerIdentity? peer, string method, Denial denial);
}
