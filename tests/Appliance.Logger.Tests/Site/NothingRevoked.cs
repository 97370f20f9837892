using Appliance.Protos.Site.V1;
using Grpc.Core;

namespace Appliance.Logger.Tests.Site;

/// <summary>Stands in for the Router, whose list of revoked certificates every role follows: it is empty and stays so.</summary>
internal sealed class NothingRevoked : EnrollmentService.EnrollmentServiceBase
{
    public override async Task WatchRevocations(
        WatchRevocationsRequest request, IServerStreamWriter<WatchRevocationsResponse> responseStream, ServerCallContext context)
    {
        await responseStream.WriteAsync(new WatchRevocationsResponse { SnapshotEnd = new() }, context.CancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
    }
}
