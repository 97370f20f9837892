using Appliance.Hosting.Clients;
using Appliance.Hosting.Events;
using Appliance.Hosting.Identity;
using Appliance.Protos.Site.V1;
using Grpc.Core;
using Microsoft.Extensions.Hosting;

namespace Appliance.Hosting.Enrollment;

/// <summary>Takes over from the router which certificates were revoked; while the router is away the last list holds.</summary>
internal sealed class RevocationWatch(PeerChannels peers, RevocationList revoked, WatchLoop loop, EventLog events) : BackgroundService
{
    public const string Part = "revocations";

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.RunAsync(Part, WatchAsync, stoppingToken);

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var call = new EnrollmentService.EnrollmentServiceClient(peers.To(Role.Router)).WatchRevocations(new WatchRevocationsRequest(), cancellationToken: cancellationToken);
        // The snapshot is written once and not once a line.
        List<string>? snapshot = [];
        await foreach (var change in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (change.ChangeCase == WatchRevocationsResponse.ChangeOneofCase.SnapshotEnd)
            {
                Take(snapshot ?? []);
                snapshot = null;
            }
            else if (change.Revocation is { } one && snapshot is not null && snapshot.Count < RevocationList.Capacity)
            {
                snapshot.Add(RevocationList.SerialOf(one.Serial.Span));
            }
            else if (change.Revocation is { } later)
            {
                Take([RevocationList.SerialOf(later.Serial.Span)]);
            }
        }
    }

    private void Take(List<string> serials)
    {
        var before = revoked.Count;
        if (!revoked.TryAdd(serials))
        {
            events.Tell(EventSeverity.Error, Part, $"the list is full with {revoked.Count}; {serials.Count} more are not refused here. Make a new authority for the site.");
        }
        else if (revoked.Count > before)
        {
            events.Tell(EventSeverity.Info, Part, $"{revoked.Count - before} more certificates are refused from now on, {revoked.Count} in all");
        }
    }
}
