using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Appliance.Hosting.Tests.Probe;

/// <summary>A service of all four kinds of handler, in no proto file and so in no method table.</summary>
internal static class ProbeMethods
{
    public const string Service = "appliance.probe.v1.ProbeService";

    private static readonly Marshaller<StringValue> Text = Marshallers.Create(message => message.ToByteArray(), StringValue.Parser.ParseFrom);

    public static Method<StringValue, StringValue> Unary { get; } = Of(MethodType.Unary, nameof(ProbeContract.Unary));

    public static Method<StringValue, StringValue> ClientStream { get; } = Of(MethodType.ClientStreaming, nameof(ProbeContract.ClientStream));

    public static Method<StringValue, StringValue> ServerStream { get; } = Of(MethodType.ServerStreaming, nameof(ProbeContract.ServerStream));

    public static Method<StringValue, StringValue> Duplex { get; } = Of(MethodType.DuplexStreaming, nameof(ProbeContract.Duplex));

    /// <summary>Calls the method of that kind and waits for its end.</summary>
    public static async Task CallAsync(CallInvoker invoker, MethodType kind, CancellationToken cancellationToken)
    {
        var options = new CallOptions(cancellationToken: cancellationToken);
        switch (kind)
        {
            case MethodType.Unary:
                await invoker.AsyncUnaryCall(Unary, null, options, new StringValue());
                break;
            case MethodType.ClientStreaming:
                using (var call = invoker.AsyncClientStreamingCall(ClientStream, null, options))
                {
                    await call.RequestStream.CompleteAsync();
                    await call.ResponseAsync;
                }

                break;
            case MethodType.ServerStreaming:
                using (var call = invoker.AsyncServerStreamingCall(ServerStream, null, options, new StringValue()))
                {
                    await call.ResponseStream.MoveNext(cancellationToken);
                }

                break;
            default:
                using (var call = invoker.AsyncDuplexStreamingCall(Duplex, null, options))
                {
                    await call.RequestStream.CompleteAsync();
                    await call.ResponseStream.MoveNext(cancellationToken);
                }

                break;
        }
    }

    public static void BindService(ServiceBinderBase binder, ProbeContract? service)
    {
        binder.AddMethod(Unary, service is null ? null! : new UnaryServerMethod<StringValue, StringValue>(service.Unary));
        binder.AddMethod(ClientStream, service is null ? null! : new ClientStreamingServerMethod<StringValue, StringValue>(service.ClientStream));
        binder.AddMethod(ServerStream, service is null ? null! : new ServerStreamingServerMethod<StringValue, StringValue>(service.ServerStream));
        binder.AddMethod(Duplex, service is null ? null! : new DuplexStreamingServerMethod<StringValue, StringValue>(service.Duplex));
    }

    private static Method<StringValue, StringValue> Of(MethodType type, string name) => new(type, Service, name, Text, Text);
}
