using System.Runtime.CompilerServices;
using Appliance.Hosting;
using Appliance.Hosting.Clients;
using Appliance.Protos.Node.V1;
using Grpc.Core;
using Microsoft.Extensions.Hosting;

namespace Appliance.Logger.Site;

/// <summary>Pulls the events of every role, this one included, from behind the last one stored.</summary>
internal sealed class EventWatch(PeerChannels peers, WatchLoop loop, SiteEvents events) : BackgroundService
{
    // One commit costs a flush of the medium, so what is there already is stored together.
    private const int BatchSize = 256;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Enum.GetValues<Role>().Select(role => loop.RunAsync($"{role.Word()} events", token => PullAsync(role, token), stoppingToken)));

    private async Task PullAsync(Role role, CancellationToken token)
    {
        var cursor = events.CursorOf(role);
        var request = new WatchEventsRequest { Epoch = cursor.Epoch, AfterSequence = cursor.Sequence };
        using var call = new NodeService.NodeServiceClient(peers.To(role)).WatchEvents(request, cancellationToken: token);
        await foreach (var batch in BatchesAsync(role, call.ResponseStream, token))
        {
            events.Store(role, batch);
        }
    }

    private static async IAsyncEnumerable<List<SiteEvent>> BatchesAsync(
        Role role, IAsyncStreamReader<WatchEventsResponse> stream, [EnumeratorCancellation] CancellationToken token)
    {
        var batch = new List<SiteEvent>();
        var next = stream.MoveNext(token);
        while (await next)
        {
            if (stream.Current is { Event: { } told } change)
            {
                batch.Add(EventIntake.Read(role, change.Epoch, told));
            }

            next = stream.MoveNext(token);
            if (batch.Count >= BatchSize || (batch.Count > 0 && !next.IsCompleted))
            {
                yield return batch;
                batch = [];
            }
        }
    }
}
