using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Appliance.Hosting.Listeners;

/// <summary>Ends streams when the role stops; unary calls are left to finish.</summary>
/// <remarks>Without it a Watch, which has no end, holds a stopping host until its shutdown timeout.</remarks>
internal sealed class StoppingStreams(IHostApplicationLifetime lifetime) : IMiddleware
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.Type is null or MethodType.Unary)
        {
            await next(context);
            return;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.RequestAborted = ending.Token;
        await next(context);
    }
}
