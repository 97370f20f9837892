using Appliance.Hosting.Authorization;
using Appliance.Hosting.Identity;
using Appliance.Protos.Traffic.V1;
using Grpc.Core;

namespace Appliance.Hosting.Tests.Probe;

/// <summary>Answers a listed service; each watch sends one batch and stays open.</summary>
internal sealed class ProbeTraffic(ProbeCalls calls) : TrafficService.TrafficServiceBase
{
    public override async Task<ListFlowsResponse> ListFlows(ListFlowsRequest request, ServerCallContext context)
    {
        await calls.OnCall(context);
        return new ListFlowsResponse();
    }

    public override async Task WatchFlows(WatchFlowsRequest request, IServerStreamWriter<WatchFlowsResponse> responseStream, ServerCallContext context)
    {
        calls.Cursors.Enqueue(request.Cursor?.Sequence);
        calls.Callers.Enqueue(context.Caller());
        await responseStream.WriteAsync(new WatchFlowsResponse { Cursor = new Cursor { Sequence = (request.Cursor?.Sequence ?? 0) + 1 } }, context.CancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
    }
}
