using Appliance.Hosting.Identity;
using Appliance.Hosting.Listeners;
using Grpc.Core;

namespace Appliance.Hosting.Authorization;

/// <summary>Who calls.</summary>
public static class CallerExtensions
{
    /// <summary>The identity of the caller's certificate, or of the person whose session it acts for; never a field of the request.</summary>
    public static PeerIdentity Caller(this ServerCallContext context) =>
        context.GetHttpContext().Features.Get<CallSession>()?.Caller ?? Peer(context).Identity;

    /// <summary>The session that the call came with; null without one.</summary>
    public static string? SessionId(this ServerCallContext context) => context.GetHttpContext().Features.Get<CallSession>()?.Id;

    /// <summary>The caller's certificate as <c>x5t#S256</c>, for a token that is bound to it.</summary>
    public static string Thumbprint(this ServerCallContext context) => Peer(context).Thumbprint;

    /// <summary>When the call's connection was accepted, as a timestamp of the node's clock: what is newer than a moment has passed whatever was in force then.</summary>
    public static long AcceptTimestamp(this ServerCallContext context) => context.GetHttpContext().Features.Get<ConnectionStart>()?.Timestamp
        ?? throw new InvalidOperationException($"Call of {context.Method} came in on a connection without a beginning.");

    private static ConnectionPeer Peer(ServerCallContext context) => context.GetHttpContext().Features.Get<ConnectionPeer>()
        ?? throw new InvalidOperationException($"Call of {context.Method} came in without an identity.");
}
