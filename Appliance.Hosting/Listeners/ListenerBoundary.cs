using Microsoft.AspNetCore.Http;

namespace Appliance.Hosting.Listeners;

/// <summary>Answers an endpoint only to connections of its own listener; all others see nothing there.</summary>
internal sealed class ListenerBoundary : IMiddleware
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var listener = context.Features.Get<ListenerMark>()?.Listener;
        var endpoint = context.GetEndpoint()?.Metadata.GetMetadata<ListenerMark>()?.Listener;
        // On the node's own listeners nothing but endpoints may answer: middleware added later, such as static files, has no mark.
        if (listener == endpoint && (listener is null || context.GetEndpoint() is not null))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
