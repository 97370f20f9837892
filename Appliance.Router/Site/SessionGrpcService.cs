using Appliance.Hosting.Authorization;
using Appliance.Protos.Site.V1;
using Grpc.Core;

namespace Appliance.Router.Site;

/// <summary>SessionService: people signed in at the dashboard.</summary>
internal sealed class SessionGrpcService(SessionDesk desk) : SessionService.SessionServiceBase
{
    public override async Task<SignInResponse> SignIn(SignInRequest request, ServerCallContext context)
    {
        var signedIn = await desk.SignInAsync(SiteWire.ToAttempt(request, context), context.CancellationToken);
        return new SignInResponse { Token = signedIn.Token, Session = SiteWire.ToWire(signedIn.Session) };
    }

    public override Task<SignOutResponse> SignOut(SignOutRequest request, ServerCallContext context)
    {
        desk.SignOut(context.SessionId());
        return Task.FromResult(new SignOutResponse());
    }

    public override Task<ListSessionsResponse> ListSessions(ListSessionsRequest request, ServerCallContext context)
    {
        var page = Page<Session>.Cut(desk.All, session => session.Id, request.PageSize, request.PageToken);
        return Task.FromResult(new ListSessionsResponse { Sessions = { page.Items.Select(SiteWire.ToWire) }, NextPageToken = page.NextToken });
    }
}
