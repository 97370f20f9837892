using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Appliance.Hosting.Tests.Probe;

/// <summary>What a generated base class would be.</summary>
[BindServiceMethod(typeof(ProbeMethods), nameof(ProbeMethods.BindService))]
internal abstract class ProbeContract
{
    public abstract Task<StringValue> Unary(StringValue request, ServerCallContext context);

    public abstract Task<StringValue> ClientStream(IAsyncStreamReader<StringValue> requests, ServerCallContext context);

    public abstract Task ServerStream(StringValue request, IServerStreamWriter<StringValue> responses, ServerCallContext context);

    public abstract Task Duplex(IAsyncStreamReader<StringValue> requests, IServerStreamWriter<StringValue> responses, ServerCallContext context);
}
