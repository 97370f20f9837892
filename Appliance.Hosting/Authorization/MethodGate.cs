using Appliance.Hosting.Audit;
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
    private readonly SessionVerifier _sessions;
    private readonly RevocationList _revoked;
    private readonly TimeProvider _clock;
    private readonly RefusalAudit _audit;
    private readonly MinuteBudget _logBudget;
    private readonly ILogger _logger;

    public MethodGate(RefusalAudit audit, SessionVerifier sessions, RevocationList revoked, TimeProvider clock, ILogger<MethodGate> logger)
    {
        _audit = audit;
        _sessions = sessions;
        _revoked = revoked;
        _clock = clock;
        _logBudget = new MinuteBudget(clock, Enum.GetValues<Denial>().Length);
        _logger = logger;
    }

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<ListenerMark>()?.Listener != Listener.Grpc)
        {
            await next(context);
            return;
        }

        var method = context.Request.Path.Value?.TrimStart('/') ?? "";
        var peer = context.Features.Get<ConnectionPeer>();
        var fault = peer is null ? SessionFault.None : await TakeSessionAsync(context, peer);
        var caller = context.Features.Get<CallSession>()?.Caller ?? peer?.Identity;
        var denial = Judge(context, method, peer, caller, fault);
        if (denial == Denial.None)
        {
            await next(context);
            return;
        }

        await DenyAsync(context, method, caller, denial, fault);
    }

    // A token that does not count is never passed over: the caller meant to act for somebody.
    private async Task<SessionFault> TakeSessionAsync(HttpContext context, ConnectionPeer peer)
    {
        if (!context.Request.Headers.TryGetValue(SessionMetadata.Name, out var tokens))
        {
            return SessionFault.None;
        }

        var (claims, fault) = tokens is [{ } token] ? await _sessions.VerifyAsync(token, peer) : (null, SessionFault.Unreadable);
        if (claims is not null)
        {
            context.Features.Set(new CallSession(claims.Id, claims.Person with { Via = peer.Identity }));
        }

        return fault;
    }

    private Denial Judge(HttpContext context, string method, ConnectionPeer? peer, PeerIdentity? caller, SessionFault fault)
    {
        if (peer is null || caller is null)
        {
            return Denial.NoIdentity;
        }

        // A connection may outlive the certificate that opened it.
        if (peer.ExpireTime <= _clock.GetUtcNow())
        {
            return Denial.CertificateExpired;
        }

        // As it may its revocation, for the moment until it is cut.
        if (_revoked.Contains(peer.Serial))
        {
            return Denial.CertificateRevoked;
        }

        if (fault != SessionFault.None)
        {
            return Denial.SessionRefused;
        }

        if (!MethodTable.Lists(method))
        {
            return Denial.MethodNotListed;
        }

        if (!MethodTable.Allows(method, caller))
        {
            return Denial.CallerNotAllowed;
        }

        // gRPC maps catch-all endpoints for methods that nobody serves; only real ones carry the method.
        var served = context.GetEndpoint()?.Metadata;
        return served?.GetMetadata<ListenerMark>()?.Listener == Listener.Grpc && served.GetMetadata<GrpcMethodMetadata>() is not null
            ? Denial.None
            : Denial.MethodNotServed;
    }

    private Task DenyAsync(HttpContext context, string method, PeerIdentity? caller, Denial denial, SessionFault fault)
    {
        // By reason only: a method's name comes from the caller and would make series without end.
        _audit.Count(denial.ToString());
        if (_logBudget.TryTake((int)denial))
        {
            LogDenied(caller, ForeignText.OneLine(method), fault == SessionFault.None ? denial.ToString() : $"session {fault}");
        }

        var status = denial == Denial.SessionRefused ? Describe(fault) : Describe(method, caller, denial);
        if (denial != Denial.MethodNotServed)
        {
            _audit.Enter(caller?.ToString(), method, (Code)status.Code, status.Message);
        }

        return TrailersOnly.WriteAsync(context.Response, status);
    }

    private static Status Describe(string method, PeerIdentity? peer, Denial denial) => denial switch
    {
        Denial.NoIdentity => ErrorStatus.Of(Code.Unauthenticated, "NO_IDENTITY", "The connection carries no identity; connect with a certificate of the site."),
        Denial.CertificateExpired => ErrorStatus.Of(Code.Unauthenticated, "CERTIFICATE_EXPIRED", "The certificate has expired since the connection was made; connect with a new one."),
        Denial.CertificateRevoked => ErrorStatus.Of(Code.Unauthenticated, "CERTIFICATE_REVOKED", "The certificate was revoked; ask an admin of the site."),
        Denial.MethodNotListed => ErrorStatus.Of(Code.PermissionDenied, "METHOD_NOT_LISTED", $"{method} is not a method that anyone may call; list the services by reflection."),
        Denial.MethodNotServed => ErrorStatus.Of(Code.Unimplemented, "METHOD_NOT_SERVED", $"This role does not answer {method}; call the role that owns it."),
        _ => ErrorStatus.Of(Code.PermissionDenied, "CALLER_NOT_ALLOWED", $"{peer} may not call {method}; it takes {MethodTable.Needs(method)}."),
    };

    private static Status Describe(SessionFault fault) => fault switch
    {
        SessionFault.WrongSigner => ErrorStatus.Of(Code.Unauthenticated, "SESSION_WRONG_SIGNER", "The session's token is not signed by a router of this site; sign in at the router."),
        SessionFault.WrongHolder => ErrorStatus.Of(Code.Unauthenticated, "SESSION_WRONG_HOLDER", "The session's token is bound to another certificate than this connection's; sign in over this one."),
        SessionFault.Expired => ErrorStatus.Of(Code.Unauthenticated, "SESSION_EXPIRED", "The session has expired; sign in again."),
        SessionFault.Ended => ErrorStatus.Of(Code.Unauthenticated, "SESSION_ENDED", "The session was ended at the router; sign in again."),
        _ => ErrorStatus.Of(Code.Unauthenticated, "SESSION_UNREADABLE", $"The metadata entry {SessionMetadata.Name} holds no token that SignIn gave; leave it out or sign in."),
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Call of {Method} by {Caller} was refused: {Reason}.")]
    private partial void LogDenied(PeerIdentity? caller, string method, string reason);
}
