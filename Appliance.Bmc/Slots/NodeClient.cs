using Appliance.Bmc.Board;
using Appliance.Hosting;
using Appliance.Hosting.Clients;
using Appliance.Hosting.Errors;
using Appliance.Protos.Node.V1;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Slots;

/// <summary>Asks a slot's node over the NodeService of its roles, at the addresses that the configuration gives.</summary>
internal sealed class NodeClient(PeerChannels channels, NodePing ping, IOptions<SlotOptions> options) : INodeChannel
{
    // The gRPC client counts deadlines on the system's clock, whatever clock the role runs on.
    private static readonly TimeProvider Clock = TimeProvider.System;

    // On the LAN an answer takes milliseconds; a node that swaps may need a second.
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan OrderLimit = TimeSpan.FromSeconds(10);

    public bool Knows(SlotNumber slot) => Roles(slot).Count > 0;

    public async Task<NodeReading> AskAsync(SlotNumber slot, CancellationToken token)
    {
        var roles = Roles(slot);
        if (roles.Count == 0)
        {
            return NodeReading.Silent("The configuration names no node for the slot.");
        }

        var readings = await Task.WhenAll(roles.Select(role => AskRoleAsync(role, token)));
        if (Array.TrueForAll(readings, reading => !reading.Answers))
        {
            return readings[0] with { Pings = await ping.AnswersAsync(options.Value.Of(slot).Node, token) };
        }

        // A role that is silent while its neighbour answers has failed; the machine has not.
        var silent = roles.Zip(readings).Where(pair => !pair.Second.Answers).Select(pair => $"{Word(pair.First)} (does not answer)");
        var answering = readings.Where(reading => reading.Answers).ToList();
        return answering[0] with
        {
            FailedParts = [.. silent, .. answering.SelectMany(reading => reading.FailedParts)],
            CommitPending = answering.Exists(reading => reading.CommitPending),
            StartTime = answering.Max(reading => reading.StartTime),
            CommitDeadline = answering.Max(reading => reading.CommitDeadline),
        };
    }

    public async Task RestartRoleAsync(SlotNumber slot, string reason, CancellationToken token)
    {
        // Those that say that they failed; all where none does, since whoever asks has another reason.
        var roles = Roles(slot);
        var readings = await Task.WhenAll(roles.Select(role => AskRoleAsync(role, token)));
        var failed = roles.Zip(readings).Where(pair => pair.Second is { Answers: true, FailedParts.Count: > 0 }).Select(pair => pair.First).ToList();
        foreach (var role in failed.Count > 0 ? failed : roles)
        {
            await OrderAsync(slot, [role], async (client, call) => await client.RestartRoleAsync(new RestartRoleRequest { Reason = reason }, call), token);
        }
    }

    public Task RebootAsync(SlotNumber slot, string reason, CancellationToken token) =>
        OrderAsync(slot, Roles(slot), async (client, call) => await client.RebootNodeAsync(new RebootNodeRequest { Reason = reason }, call), token);

    public Task ShutdownAsync(SlotNumber slot, string reason, CancellationToken token) =>
        OrderAsync(slot, Roles(slot), async (client, call) => await client.ShutdownNodeAsync(new ShutdownNodeRequest { Reason = reason }, call), token);

    private static string Word(NodeAddress role) => role.Role.Word();

    private static CallOptions Within(TimeSpan limit, CancellationToken token) => new(deadline: Clock.GetUtcNow().UtcDateTime + limit, cancellationToken: token);

    private static string Describe(NodeAddress role, RpcException error) =>
        $"{Word(role)} at {role.Address.Authority}: {error.StatusCode}{(error.Status.Detail.Length > 0 ? $", {error.Status.Detail}" : "")}";

    private IReadOnlyList<NodeAddress> Roles(SlotNumber slot) => options.Value.Of(slot).NodeAddresses();

    private CallInvoker Calls(NodeAddress role) => channels.To(role.Role, role.Address);

    private async Task<NodeReading> AskRoleAsync(NodeAddress role, CancellationToken token)
    {
        try
        {
            var call = Within(AskLimit, token);
            var node = (await new NodeService.NodeServiceClient(Calls(role)).GetNodeAsync(new GetNodeRequest(), call)).Node;
            var health = await new Health.HealthClient(Calls(role)).CheckAsync(new HealthCheckRequest(), call);
            var serves = health.Status == HealthCheckResponse.Types.ServingStatus.Serving;
            return new NodeReading(
                Answers: true,
                Pings: true,
                node.ImageVersion.Length > 0 ? node.ImageVersion : node.Version,
                serves ? [] : [await FailedPartAsync(role, call)],
                CommitPending: node.PendingCommit is not null,
                Failure: "")
            {
                StartTime = node.StartTime?.ToDateTimeOffset(),
                CommitDeadline = node.PendingCommit?.ConfirmDeadlineTime?.ToDateTimeOffset(),
            };
        }
        catch (RpcException error)
        {
            token.ThrowIfCancellationRequested();
            return NodeReading.Silent(Describe(role, error));
        }
    }

    // The first one that it tells: the stream goes on with changes and does not say where the parts as they are end.
    private async Task<string> FailedPartAsync(NodeAddress role, CallOptions call)
    {
        try
        {
            using var watch = new NodeService.NodeServiceClient(Calls(role)).WatchHealth(new WatchHealthRequest(), call);
            await foreach (var told in watch.ResponseStream.ReadAllAsync(call.CancellationToken))
            {
                if (told.Health.State == PartHealth.Types.State.Failed)
                {
                    return $"{Word(role)}: {told.Health.Part}, {told.Health.Text}";
                }
            }
        }
        catch (RpcException)
        {
            // It has recovered meanwhile, or has more to do than to tell; that it does not serve is known all the same.
        }

        return Word(role);
    }

    /// <summary>Gives the order to the first role that takes it: any of them reaches the machine.</summary>
    private async Task OrderAsync(
        SlotNumber slot, IReadOnlyList<NodeAddress> roles, Func<NodeService.NodeServiceClient, CallOptions, Task> order, CancellationToken token)
    {
        var refusal = "the configuration names no node for it";
        foreach (var role in roles)
        {
            try
            {
                await order(new NodeService.NodeServiceClient(Calls(role)), Within(OrderLimit, token));
                return;
            }
            catch (RpcException error)
            {
                token.ThrowIfCancellationRequested();
                refusal = Describe(role, error);
            }
        }

        throw new UnreachableException($"The node in slot {slot} does not take the order: {refusal}.");
    }
}
