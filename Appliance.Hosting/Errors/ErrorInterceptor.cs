using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Appliance.Hosting.Errors;

/// <summary>The one edge where errors become gRPC status; all four kinds of handler pass it.</summary>
internal sealed partial class ErrorInterceptor(IHostApplicationLifetime lifetime, ILogger<ErrorInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw Translate(error, context);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw Translate(error, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw Translate(error, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw Translate(error, context);
        }
    }

    private RpcException Translate(Exception error, ServerCallContext context)
    {
        if (ErrorStatus.Of(error) is { } known)
        {
            return known.ToRpcException();
        }

        if (context.CancellationToken.IsCancellationRequested)
        {
            // Whatever a handler throws once its call is gone (writes fail with InvalidOperationException) is the end, not a fault.
            return lifetime.ApplicationStopping.IsCancellationRequested
                ? ErrorStatus.Of(Code.Unavailable, "STOPPING", "The role is stopping; try again.").ToRpcException()
                : ErrorStatus.Of(Code.Cancelled, "CANCELLED", "The call was cancelled.").ToRpcException();
        }

        LogUnexpected(context.Method, error);
        return ErrorStatus.Of(Code.Internal, "INTERNAL", "Internal error; the role's log has the details.").ToRpcException();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Call of {Method} failed unexpectedly.")]
    private partial void LogUnexpected(string method, Exception error);
}
