using Appliance.Hosting.Events;
using Appliance.Protos.Node.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Wire = Appliance.Protos.Node.V1;

namespace Appliance.Hosting.Health;

/// <summary>NodeService: what this node is, how the parts of its role are doing, what it met, and what it can be told to do.</summary>
internal sealed class NodeGrpcService(NodeFacts facts, HealthBoard board, EventLog events, NodeOrders orders) : NodeService.NodeServiceBase
{
    public override Task<GetNodeResponse> GetNode(GetNodeRequest request, ServerCallContext context) =>
        Task.FromResult(new GetNodeResponse { Node = facts.ToWire() });

    public override Task<RestartRoleResponse> RestartRole(RestartRoleRequest request, ServerCallContext context) => orders.Power.RestartRole(request, context);

    public override Task<RebootNodeResponse> RebootNode(RebootNodeRequest request, ServerCallContext context) => orders.Power.RebootNode(request, context);

    public override Task<ShutdownNodeResponse> ShutdownNode(ShutdownNodeRequest request, ServerCallContext context) => orders.Power.ShutdownNode(request, context);

    public override Task<InstallUpdateResponse> InstallUpdate(IAsyncStreamReader<InstallUpdateRequest> requestStream, ServerCallContext context) =>
        orders.Updates.InstallUpdate(requestStream, context);

    public override Task<ActivateUpdateResponse> ActivateUpdate(ActivateUpdateRequest request, ServerCallContext context) => orders.Updates.ActivateUpdate(request, context);

    public override async Task<RotateCertificateResponse> RotateCertificate(RotateCertificateRequest request, ServerCallContext context)
    {
        var renewed = await orders.Renewal.RenewAsync(context.CancellationToken);
        return new RotateCertificateResponse
        {
            ExpireTime = Timestamp.FromDateTimeOffset(renewed.ExpireTime),
            Serial = ByteString.CopyFrom(renewed.Certificate.SerialNumberBytes.Span),
        };
    }

    public override async Task WatchHealth(
        WatchHealthRequest request, IServerStreamWriter<WatchHealthResponse> responseStream, ServerCallContext context)
    {
        await foreach (var part in board.WatchAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(new WatchHealthResponse { Health = ToWire(part) }, context.CancellationToken);
        }
    }

    public override async Task WatchEvents(
        WatchEventsRequest request, IServerStreamWriter<WatchEventsResponse> responseStream, ServerCallContext context)
    {
        var (epoch, sequence, isLive) = (request.Epoch, request.AfterSequence, false);
        while (true)
        {
            // Read from the ring at the reader's own pace: one that is slow loses the oldest, and its queue can't grow.
            var batch = events.After(epoch, sequence);
            foreach (var told in batch.Events)
            {
                await responseStream.WriteAsync(new WatchEventsResponse { Epoch = events.Epoch, Event = EventWire.ToWire(told) }, context.CancellationToken);
                (epoch, sequence) = (events.Epoch, told.Sequence);
            }

            if (!isLive)
            {
                isLive = true;
                await responseStream.WriteAsync(new WatchEventsResponse { Epoch = events.Epoch, SnapshotEnd = new SnapshotEnd() }, context.CancellationToken);
            }

            await batch.More.WaitAsync(context.CancellationToken);
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
