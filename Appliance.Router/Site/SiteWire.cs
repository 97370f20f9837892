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

    public static Wire.Account ToWire(Account account) => new()
    {
        Name = account.Name,
        Kind = PeerIdentity.KindWord(account.Kind),
        ChangeTime = Timestamp.FromDateTimeOffset(account.ChangeTime),
    };

    /// <summary>The kind that a word names, whether or not an account may be of it.</summary>
    public static PeerKind ToKind(string word) => PeerIdentity.TryKind(word, out var kind)
        ? kind
        : throw new InvalidInputException("kind", "names no kind of person; an account is one of reader, operator, admin");

    private static IPAddress ToAddress(string text) => IPAddress.TryParse(text, out var address)
        ? address
        : throw new InvalidInputException("source", "is no IP address; leave it empty for the caller's own");
}
