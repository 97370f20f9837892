using Appliance.Hosting.Identity;
using Appliance.Protos.Node.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Wire = Appliance.Protos.Node.V1;

namespace Appliance.Hosting.Health;

/// <summary>NodeService: what this node is, and how the parts of its role are doing.</summary>
internal sealed class NodeGrpcService(NodeFacts facts, NodeCredentials credentials, HealthBoard board) : NodeService.NodeServiceBase
{
    public override Task<GetNodeResponse> GetNode(GetNodeRequest request, ServerCallContext context)
    {
        var current = credentials.Current;
        return Task.FromResult(new GetNodeResponse { Node = facts.ToWire(current.Identity, current.ExpireTime) });
    }

    public override async Task WatchHealth(
        WatchHealthRequest request, IServerStreamWriter<WatchHealthResponse> responseStream, ServerCallContext context)
    {
        await foreach (var part in board.WatchAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(new WatchHealthResponse { Health = ToWire(part) }, context.CancellationToken);
        }
    }

    private static Wire.PartHealth ToWire(PartHealth part) => new()
    {
        Part = part.Part,
        State = part.State switch
        {
            PartState.Healthy => Wire.PartHealth.Types.State.Healthy,
            PartState.Degraded => Wire.PartHealth.Types.State.Degraded,
            _ => Wire.PartHealth.Types.State.Failed,
        },
        Text = part.Text,
        ChangeTime = Timestamp.FromDateTimeOffset(part.ChangeTime),
    };
}
