using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Appliance.Hosting.Tests.Probe;

/// <summary>Does in each handler what the test wants.</summary>
internal sealed class ProbeService(Func<ServerCallContext, Task> handler) : ProbeContract
{
    public override async Task<StringValue> Unary(StringValue request, ServerCallContext context)
    {
        await handler(context);
        return new StringValue();
    }

    public override async Task<StringValue> ClientStream(IAsyncStreamReader<StringValue> requests, ServerCallContext context)
    {
        await handler(context);
        return new StringValue();
    }

    public override Task ServerStream(StringValue request, IServerStreamWriter<StringValue> responses, ServerCallContext context) => handler(context);

    public override Task Duplex(IAsyncStreamReader<StringValue> requests, IServerStreamWriter<StringValue> responses, ServerCallContext context) => handler(context);
}
