using System.Runtime.CompilerServices;
using Appliance.Hosting;
using Appliance.Hosting.Clients;
using Appliance.Protos.Traffic.V1;
using Grpc.Core;

namespace Appliance.Detector.Flows;

/// <summary>Pulls flow events from the Router.</summary>
internal sealed partial class FlowClient(PeerChannels channels)
{
    /// <summary>Batches behind the cursor, or from the oldest event that the Router holds; ends with the stream.</summary>
    public async IAsyncEnumerable<FlowBatch> WatchAsync(FlowCursor? cursor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new WatchFlowsRequest { Cursor = cursor is null ? null : new Cursor { Epoch = cursor.Epoch, Sequence = cursor.Sequence } };
        var client = new TrafficService.TrafficServiceClient(channels.To(Role.Router));
        using var call = client.WatchFlows(request, cancellationToken: cancellationToken);
        await foreach (var response in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            yield return Read(response);
        }
    }
}
