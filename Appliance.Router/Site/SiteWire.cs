using System.Net;
using Appliance.Hosting.Authorization;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Identity;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Wire = Appliance.Protos.Site.V1;

namespace Appliance.Router.Site;

/// <summary>Between the domain's types and those of <c>appliance.site.v1</c>.</summary>
internal static class SiteWire
{
    public static SignInAttempt ToAttempt(Wire.SignInRequest request, ServerCallContext context) => new(
        request.Account,
        request.Password,
        request.Source.Length == 0 ? context.GetHttpContext().Connection.RemoteIpAddress ?? IPAddress.None : ToAddress(request.Source),
        context.Caller(),
        context.Thumbprint());

    public static Wire.Session ToWire(Session session) => new()
    {
        Id = session.Id,
        Account = session.Account,
        Kind = PeerIdentity.KindWord(session.Kind),
        StartTime = Timestamp.FromDateTimeOffset(session.StartTime),
        ExpireTime = Timestamp.FromDateTimeOffset(session.ExpireTime),
        Node = session.Node,
    };

    private static IPAddress ToAddress(string text) => IPAddress.TryParse(text, out var address)
        ? address
        : throw new InvalidInputException("source", "is no IP address; leave it empty for the caller's own");
}
