using Appliance.Hosting.Errors;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Routing;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Appliance.Hosting.Health;

/// <summary><c>grpc.health.v1</c>: the role and each of its services serve while no part has failed.</summary>
internal sealed class HealthGrpcService(HealthBoard board, EndpointDataSource endpoints) : Grpc.Health.V1.Health.HealthBase
{
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) => IsKnown(request.Service)
        ? Task.FromResult(new HealthCheckResponse { Status = Status() })
        : throw new NotFoundException("service", request.Service);

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        // health.proto: a watch of an unknown service answers SERVICE_UNKNOWN and stays open.
        var isKnown = IsKnown(request.Service);
        var last = isKnown ? Status() : ServingStatus.ServiceUnknown;
        await responseStream.WriteAsync(new HealthCheckResponse { Status = last }, context.CancellationToken);
        await foreach (var _ in board.WatchAsync(context.CancellationToken))
        {
            var status = isKnown ? Status() : last;
            if (status != last)
            {
                last = status;
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, context.CancellationToken);
            }
        }
    }

    private ServingStatus Status() => board.Snapshot.Any(part => part.State == PartState.Failed) ? ServingStatus.NotServing : ServingStatus.Serving;

    private bool IsKnown(string service) => service.Length == 0
        || endpoints.Endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.ServiceName == service);
}
