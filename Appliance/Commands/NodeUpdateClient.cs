using Appliance.Hosting.Clients;
using Appliance.Protos.Node.V1;
using Grpc.Core;
using Grpc.Health.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Appliance.Commands;

/// <summary>One node's way to another version: sent, started, and waited for until it is kept.</summary>
internal sealed class NodeUpdateClient(UpdateNode node, PersonChannel channel, ProgressBar progress, TimeProvider clock)
{
    private const string ImagePart = "image";

    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10);
    // The node asks rauc three times, and has the machine reboot; cut off in between it stays where it is.
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly NodeService.NodeServiceClient _client = new(channel.Calls);

    /// <summary>What an image calls its version, else the program, without where it was built.</summary>
    public static string VersionOf(Node seen) => seen.ImageVersion.Length > 0 ? seen.ImageVersion : seen.Version.Split('+')[0];

    public async Task<Node> ReadAsync(CancellationToken token) => (await _client.GetNodeAsync(new GetNodeRequest(), Soon(token))).Node;

    public Task<Update> InstallAsync(FileInfo bundle, CancellationToken token) => new UpdateUploadClient(_client, progress, node.Name).SendAsync(bundle, token);

    /// <summary>Starts the version; ends when it is kept, and throws when the old one came back or the wait is over.</summary>
    public async Task<string> ActivateAsync(string version, TimeSpan limit, CancellationToken token)
    {
        var before = await ReadAsync(token);
        await _client.ActivateUpdateAsync(new ActivateUpdateRequest { Version = version }, Within(StartTime, token));
        var start = clock.GetTimestamp();
        while (clock.GetElapsedTime(start) < limit)
        {
            progress.Tell($"{node.Name} starts {version}", 0, 0);
            if (await LookAsync(before, version, token) is { } text)
            {
                return text;
            }

            await Task.Delay(Interval, clock, token);
        }

        throw new CommandFailedException($"The {node.Name} node did not come up healthy with {version} within {limit.TotalMinutes:0} minutes; see its console. It goes back to {VersionOf(before)} by itself after two tries.");
    }

    /// <summary>The state of the part that says what runs; null where the role has none.</summary>
    public async Task<PartHealth?> ReadImageAsync(CancellationToken token)
    {
        using var watch = _client.WatchHealth(new WatchHealthRequest(), Soon(token));
        try
        {
            // The state of every part comes at once, in the order of their names; the watch then stays silent.
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(token);
            while (await watch.ResponseStream.MoveNext(enough.Token).WaitAsync(Interval, clock, token))
            {
                if (watch.ResponseStream.Current.Health is { Part: ImagePart } found)
                {
                    return found;
                }
            }
        }
        catch (TimeoutException)
        {
            // It has said all.
        }

        return null;
    }

    /// <summary>What it says when it is kept; null while it is on its way.</summary>
    private async Task<string?> LookAsync(Node before, string version, CancellationToken token)
    {
        try
        {
            var seen = await ReadAsync(token);
            if (Equals(seen.StartTime, before.StartTime))
            {
                return null;
            }

            var part = await ReadImageAsync(token);
            if (VersionOf(seen) != version)
            {
                return part?.State == PartHealth.Types.State.Degraded
                    ? throw new CommandFailedException($"The {node.Name} node runs {VersionOf(seen)}: {SiteCommand.Text(part.Text)}")
                    : null;
            }

            var health = await new Health.HealthClient(channel.Calls).CheckAsync(new HealthCheckRequest(), Soon(token));
            return health.Status == ServingStatus.Serving && (part is null || part.State == PartHealth.Types.State.Healthy) ? part?.Text ?? "" : null;
        }
        catch (RpcException) when (!token.IsCancellationRequested)
        {
            // It is on its way down or up.
            return null;
        }
    }

    private CallOptions Soon(CancellationToken token) => Within(AnswerTime, token);

    private CallOptions Within(TimeSpan limit, CancellationToken token) => new(deadline: clock.GetUtcNow().UtcDateTime + limit, cancellationToken: token);
}
