using Appliance.Hosting.Authorization;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Appliance.Hosting.Listeners;

/// <summary>Answers an endpoint only to connections of its own listener; all others see nothing there.</summary>
internal sealed class ListenerBoundary : IMiddleware
{
    // A token and a signing request take some 2 kB.
    private const int MaxBodyBytes = 32 * 1024;

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var listener = context.Features.Get<ListenerMark>()?.Listener;
        if (listener == Listener.Enrollment && IsForStrangers(context))
        {
            Bound(context);
            return next(context);
        }

        var endpoint = context.GetEndpoint()?.Metadata.GetMetadata<ListenerMark>()?.Listener;
        // On the node's own listeners nothing but endpoints may answer: middleware added later, such as static files, has no mark.
        if (listener == endpoint && (listener is null || context.GetEndpoint() is not null))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static bool IsForStrangers(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName.TrimStart('/') is { } method && MethodTable.IsWithoutCertificate(method);

    // What every connection of a stranger may make this node hold; gRPC's own bound is for those who are known.
    private static void Bound(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = MaxBodyBytes;
        }
    }
}
