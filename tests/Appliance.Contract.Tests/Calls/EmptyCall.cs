using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Appliance.Contract.Tests.Calls;

/// <summary>Calls a method, whatever its kind, with one empty request, and tells the status of its first answer.</summary>
internal static class EmptyCall
{
    // A stream that has nothing to say yet is open, and that is an answer too: whoever is refused is told at once.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    public static Task<StatusCode> StatusAsync(CallInvoker invoker, MethodDescriptor method, CancellationToken cancellationToken) =>
        StatusAsync(invoker, method, metadata: null, cancellationToken);

    public static async Task<StatusCode> StatusAsync(CallInvoker invoker, MethodDescriptor method, Metadata? metadata, CancellationToken cancellationToken)
    {
        var kind = (method.IsClientStreaming, method.IsServerStreaming) switch
        {
            (false, false) => MethodType.Unary,
            (true, false) => MethodType.ClientStreaming,
            (false, true) => MethodType.ServerStreaming,
            _ => MethodType.DuplexStreaming,
        };
        var raw = new Method<byte[], byte[]>(kind, method.Service.FullName, method.Name, Bytes, Bytes);
        var options = new CallOptions(metadata, deadline: TimeProvider.System.GetUtcNow().Add(Patience).UtcDateTime, cancellationToken: cancellationToken);
        try
        {
            await CallAsync(invoker, raw, options);
            return StatusCode.OK;
        }
        catch (RpcException error)
        {
            return error.StatusCode == StatusCode.DeadlineExceeded && method.IsServerStreaming ? StatusCode.OK : error.StatusCode;
        }
    }

    private static async Task CallAsync(CallInvoker invoker, Method<byte[], byte[]> method, CallOptions options)
    {
        switch (method.Type)
        {
            case MethodType.Unary:
                await invoker.AsyncUnaryCall(method, null, options, []);
                break;
            case MethodType.ServerStreaming:
                using (var call = invoker.AsyncServerStreamingCall(method, null, options, []))
                {
                    await call.ResponseStream.MoveNext(options.CancellationToken);
                }

                break;
            case MethodType.ClientStreaming:
                using (var call = invoker.AsyncClientStreamingCall(method, null, options))
                {
                    await SendAsync(call.RequestStream);
                    await call;
                }

                break;
            default:
                using (var call = invoker.AsyncDuplexStreamingCall(method, null, options))
                {
                    await SendAsync(call.RequestStream);
                    await call.ResponseStream.MoveNext(options.CancellationToken);
                }

                break;
        }
    }

    private static async Task SendAsync(IClientStreamWriter<byte[]> requests)
    {
        try
        {
            await requests.WriteAsync([]);
            await requests.CompleteAsync();
        }
        catch (Exception error) when (error is RpcException or InvalidOperationException)
        {
            // The answer came before the request was sent; reading it tells which.
        }
    }
}
