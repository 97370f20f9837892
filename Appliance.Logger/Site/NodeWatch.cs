using Appliance.Hosting;
using Appliance.Hosting.Clients;
using Appliance.Hosting.Health;
using Appliance.Logger.Alerts;
using Appliance.Protos.Node.V1;
using Microsoft.Extensions.Hosting;
using PartHealthWire = Appliance.Protos.Node.V1.PartHealth;

namespace Appliance.Logger.Site;

/// <summary>Follows the health of every role, this one included: what the Logger sees is what it tells.</summary>
internal sealed class NodeWatch(PeerChannels peers, WatchLoop loop, NodeStates states) : BackgroundService
{
    private const int MaxText = 256;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Enum.GetValues<Role>().Select(role => loop.RunAsync($"{role.Word()} health", token => PullAsync(role, token), stoppingToken)));

    private async Task PullAsync(Role role, CancellationToken token)
    {
        using var call = new NodeService.NodeServiceClient(peers.To(role)).WatchHealth(new WatchHealthRequest(), cancellationToken: token);
        try
        {
            // Headers come before the first part: a role that has nothing to report is up, too.
            await call.ResponseHeadersAsync;
            states.Connected(role);
            while (await call.ResponseStream.MoveNext(token))
            {
                states.Reported(role, Read(call.ResponseStream.Current.Health));
            }
        }
        finally
        {
            states.Lost(role);
        }
    }

    private static NodePart Read(PartHealthWire wire) => new(
        HostileText.Clean(wire.Part, MaxText),
        wire.State switch
        {
            PartHealthWire.Types.State.Healthy => PartState.Healthy,
            PartHealthWire.Types.State.Failed => PartState.Failed,
            _ => PartState.Degraded,
        },
        HostileText.Clean(wire.Text, MaxText),
        WireTime.ReadOrFirst(wire.ChangeTime));
}
