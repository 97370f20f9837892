using Appliance.Logger.Dashboard.Access;
using Appliance.Logger.Dashboard.Snapshots;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Appliance.Logger.Dashboard.Web;

/// <summary>Keeps the dashboard on its listener and everything else off it, and asks for a session before anything but the log-in.</summary>
internal sealed class DashboardGate(RequestDelegate next)
{
    private const string CircuitPath = "/_blazor";

    public Task InvokeAsync(HttpContext context, LivePages pages)
    {
        var endpoint = context.GetEndpoint();
        var belongsHere = endpoint?.Metadata.GetMetadata<DashboardMark>() is not null;
        if (context.Features.Get<DashboardMark>() is null)
        {
            return belongsHere ? Refuse(context, StatusCodes.Status404NotFound) : next(context);
        }

        if (IsForeign(context.Request))
        {
            return Refuse(context, StatusCodes.Status403Forbidden);
        }

        // Asked before it is looked up: who is not known does not learn what exists.
        var isOpen = belongsHere && endpoint!.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        if (!isOpen && context.User.Identity?.IsAuthenticated != true)
        {
            return context.ChallengeAsync(DashboardSession.Scheme);
        }

        if (!belongsHere)
        {
            return Refuse(context, StatusCodes.Status404NotFound);
        }

        return StartsCircuit(context.Request) && !pages.HasRoom
            ? Refuse(context, StatusCodes.Status503ServiceUnavailable)
            : next(context);
    }

    // Another port of this host is the same site to a cookie, and web sockets know no CORS: the origin tells them apart.
    private static bool IsForeign(HttpRequest request)
    {
        var onlyReads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        return (!onlyReads || request.Path.StartsWithSegments(CircuitPath))
            && request.Headers.Origin is { Count: > 0 } origin
            && origin != $"https://{request.Host}";
    }

    // A new connection has no id yet, whether it negotiates first or opens its web socket at once.
    private static bool StartsCircuit(HttpRequest request) =>
        request.Path.StartsWithSegments(CircuitPath + "/negotiate")
        || (request.Path == CircuitPath && !request.Query.ContainsKey("id"));

    private static Task Refuse(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
