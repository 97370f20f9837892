using Appliance.Hosting.Identity;
using Appliance.Hosting.Listeners;
using Grpc.Core;

namespace Appliance.Hosting.Authorization;

/// <summary>Who calls.</summary>
public static class CallerExtensions
{
    /// <summary>The identity of the caller's certificate; never a field of the request.</summary>
    public static PeerIdentity Caller(this ServerCallContext context) =>
        context.GetHttpContext().Features.Get<ConnectionPeer>()?.Identity
        ?? throw new InvalidOperationException($"Call of {context.Method} came in without an identity.");
}
