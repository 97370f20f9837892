using Appliance.Hosting.Authorization;
using Appliance.Hosting.Errors;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Appliance.Hosting.Audit;

/// <summary>Writes down every call of a method that changes something, before the service sees it.</summary>
/// <remarks>
/// A call that was let through and then failed gets a second entry that says so: the first can't be taken back, and was
/// durable before anything happened. Killed in between, the log tells of a change that may not have been made, never the other way.
/// </remarks>
internal sealed class AuditInterceptor(AuditLog audit) : Interceptor
{
    // Said by callers whose request has no field for it.
    private const string ReasonKey = "appliance-reason";

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        if (!IsChange(context))
        {
            return await continuation(request, context);
        }

        var record = Enter(request as IMessage, context);
        return await FollowAsync(() => continuation(request, context), () => record, context);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        if (!IsChange(context))
        {
            await continuation(request, responseStream, context);
            return;
        }

        var record = Enter(request as IMessage, context);
        await FollowAsync(() => Completed(continuation(request, responseStream, context)), () => record, context);
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        if (!IsChange(context))
        {
            return await continuation(requestStream, context);
        }

        var (stream, record) = Audited(requestStream, context);
        return await FollowAsync(() => continuation(stream, context), record, context);
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        if (!IsChange(context))
        {
            await continuation(requestStream, responseStream, context);
            return;
        }

        var (stream, record) = Audited(requestStream, context);
        await FollowAsync(() => Completed(continuation(stream, responseStream, context)), record, context);
    }

    // Whoever has no certificate has no name to enter, and asks again and again; its service writes down what comes of it.
    private static bool IsChange(ServerCallContext context) =>
        context.Method.TrimStart('/') is var method && MethodTable.Changes(method) && !MethodTable.IsWithoutCertificate(method);

    private static async Task<bool> Completed(Task call)
    {
        await call;
        return true;
    }

    private AuditRecord Enter(IMessage? request, ServerCallContext context)
    {
        var reason = request is null ? "" : AuditSubject.ReasonOf(request);
        var record = new AuditRecord(
            context.Caller().ToString(),
            context.Method[(context.Method.LastIndexOf('/') + 1)..],
            request is null ? "" : AuditSubject.Of(request),
            reason.Length > 0 ? reason : context.RequestHeaders.GetValue(ReasonKey) ?? "");
        audit.Enter(record);
        return record;
    }

    private (AuditedStream<T> Stream, Func<AuditRecord> Record) Audited<T>(IAsyncStreamReader<T> requests, ServerCallContext context)
    {
        AuditRecord? record = null;
        var stream = new AuditedStream<T>(requests, first => record = Enter(first, context));
        // A service that answers without having read anything is written down all the same, before its answer goes out.
        return (stream, () => record ??= Enter(null, context));
    }

    private async Task<T> FollowAsync<T>(Func<Task<T>> call, Func<AuditRecord> record, ServerCallContext context)
    {
        try
        {
            var answer = await call();
            record();
            return answer;
        }
        catch (Exception error) when (error is not BusyException { Reason: AuditFile.NotWritable })
        {
            audit.TryEnter(record() with { Allowed = false, Reason = ReasonOf(error, context) });
            throw;
        }
    }

    private static string ReasonOf(Exception error, ServerCallContext context) => error switch
    {
        RpcException known => $"{AuditWords.CodeWord((Code)known.StatusCode)}: {known.Status.Detail}",
        _ when ErrorStatus.Of(error) is { } known => $"{AuditWords.CodeWord((Code)known.Code)}: {known.Message}",
        _ when context.CancellationToken.IsCancellationRequested => $"{AuditWords.CodeWord(Code.Cancelled)}: the call ended before its answer",
        _ => $"{AuditWords.CodeWord(Code.Internal)}: internal error",
    };
}
