using System.Threading.Channels;
using Appliance.Hosting.Clients;
using Appliance.Protos.Traffic.V1;
using Grpc.Core;

namespace Appliance.Hosting.Tests.Probe;

/// <summary>Reads flows as a consumer does: asks from the last cursor that it received.</summary>
internal sealed class ProbeReader(PeerChannels channels)
{
    private readonly TrafficService.TrafficServiceClient _traffic = new(channels.To(Role.Router));
    private readonly Channel<ulong> _sequences = Channel.CreateUnbounded<ulong>();
    private Cursor? _last;

    public async Task WatchAsync(CancellationToken token)
    {
        using var watch = _traffic.WatchFlows(new WatchFlowsRequest { Cursor = _last }, cancellationToken: token);
        await foreach (var batch in watch.ResponseStream.ReadAllAsync(token))
        {
            _last = batch.Cursor;
            await _sequences.Writer.WriteAsync(batch.Cursor.Sequence, token);
        }
    }

    public async Task WaitForAsync(ulong sequence)
    {
        while (await _sequences.Reader.ReadAsync(TestContext.Current.CancellationToken) < sequence)
        {
            // Batches before it are of no interest.
        }
    }
}
