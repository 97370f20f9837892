using System.Net;
using Appliance.Hosting;
using Appliance.Hosting.Authorization;
using Appliance.Hosting.Clients;
using Appliance.Protos.Site.V1;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Appliance.Logger.Dashboard.Access;

/// <summary>Signs people in and out at the router, which alone knows their passwords.</summary>
internal sealed partial class SessionClient(PeerChannels peers, ILogger<SessionClient> logger)
{
    // The router holds its answer for up to 8 s while an account is being guessed at, and others may wait before us.
    private static readonly TimeSpan SignInDeadline = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    private readonly SessionService.SessionServiceClient _router = new(peers.To(Role.Router));

    public async Task<SignInOutcome> SignInAsync(string account, string password, IPAddress source, CancellationToken token)
    {
        try
        {
            var request = new SignInRequest { Account = account, Password = password, Source = source.ToString() };
            var answer = await _router.SignInAsync(request, deadline: In(SignInDeadline), cancellationToken: token);
            return SignInOutcome.SignedIn(new PersonRight(answer.Session.Account, answer.Session.Kind, answer.Token, answer.Session.ExpireTime.ToDateTimeOffset()));
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.ResourceExhausted)
        {
            return SignInOutcome.Delayed(error.GetRpcStatus()?.GetDetail<RetryInfo>()?.RetryDelay.ToTimeSpan() ?? TimeSpan.FromSeconds(1));
        }
        catch (RpcException error) when (error.StatusCode is StatusCode.Unauthenticated or StatusCode.InvalidArgument or StatusCode.FailedPrecondition)
        {
            return SignInOutcome.Refused(SignInResult.Wrong);
        }
        catch (RpcException error)
        {
            LogAway(error.StatusCode, error.Status.Detail);
            return SignInOutcome.Refused(SignInResult.RouterAway);
        }
    }

    /// <summary>Ends the session at the router too; when the router is away, its end is the token's.</summary>
    public async Task SignOutAsync(PersonRight right)
    {
        try
        {
            await _router.SignOutAsync(new SignOutRequest(), SessionMetadata.Of(right.Token), In(Deadline), CancellationToken.None);
        }
        catch (RpcException error)
        {
            LogNotSignedOut(right.Account, error.StatusCode, right.ExpireTime);
        }
    }

    /// <summary>True when the router says that the session is over; false as well when the router says nothing.</summary>
    public async Task<bool> IsEndedAsync(PersonRight right, CancellationToken token)
    {
        try
        {
            await _router.ListSessionsAsync(new ListSessionsRequest { PageSize = 1 }, SessionMetadata.Of(right.Token), In(Deadline), token);
            return false;
        }
        catch (RpcException error)
        {
            return error.StatusCode == StatusCode.Unauthenticated && error.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason == "SESSION_ENDED";
        }
    }

    // The gRPC client counts deadlines on the system's clock.
    private static DateTime In(TimeSpan time) => TimeProvider.System.GetUtcNow().UtcDateTime + time;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nobody can log in at the dashboard, the router answers {Code}: {Detail}.")]
    private partial void LogAway(StatusCode code, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The router was not told that {Account} logged out ({Code}); the token, forgotten here, counts until {ExpireTime}.")]
    private partial void LogNotSignedOut(string account, StatusCode code, DateTimeOffset expireTime);
}
