using Appliance.Hosting;
using Appliance.Hosting.Clients;
using Appliance.Logger.Alerts;
using Appliance.Protos.Rules.V1;
using Grpc.Core;
using Microsoft.Extensions.Hosting;

namespace Appliance.Logger.Site;

/// <summary>Follows the Router's blocks: what is in force now, and what was done about each alert.</summary>
/// <remarks>An alert keeps the strongest answer that it ever had: its block expires, that it was blocked does not.</remarks>
internal sealed class BlockWatch(PeerChannels peers, WatchLoop loop, BlocksInForce blocks, AlertStore store) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.RunAsync("router blocks", PullAsync, stoppingToken);

    private async Task PullAsync(CancellationToken token)
    {
        using var call = new RuleService.RuleServiceClient(peers.To(Role.Router)).WatchRules(new WatchRulesRequest(), cancellationToken: token);
        try
        {
            await TakeSnapshotAsync(call.ResponseStream, token);
            while (await call.ResponseStream.MoveNext(token))
            {
                TakeChange(call.ResponseStream.Current);
            }
        }
        finally
        {
            blocks.Lost();
        }
    }

    private async Task TakeSnapshotAsync(IAsyncStreamReader<WatchRulesResponse> stream, CancellationToken token)
    {
        var snapshot = new Dictionary<string, ActiveBlock>();
        while (await stream.MoveNext(token) && stream.Current.ChangeCase != WatchRulesResponse.ChangeOneofCase.SnapshotEnd)
        {
            if (stream.Current.Block is { } block)
            {
                snapshot[block.Id] = BlockWire.Read(block);
            }
        }

        blocks.Replace(snapshot.Values);
        Note(snapshot.Values);
    }

    private void TakeChange(WatchRulesResponse change)
    {
        if (change.ChangeCase == WatchRulesResponse.ChangeOneofCase.DeletedBlockId)
        {
            blocks.Remove(change.DeletedBlockId);
        }
        else if (change.Block is { } wire)
        {
            var block = BlockWire.Read(wire);
            blocks.Put(block);
            Note([block]);
        }
    }

    private void Note(IEnumerable<ActiveBlock> changed) => store.SetActions(
        [.. changed.Where(block => block.AlertId.Length > 0).Select(block => new AlertResponse(block.AlertId, BlockWire.ActionOf(block)))]);
}
