using Appliance.Hosting;
using Appliance.Hosting.Authorization;
using Appliance.Hosting.Clients;
using Appliance.Logger.Dashboard.Access;
using Appliance.Protos.Alerts.V1;

namespace Appliance.Logger.Dashboard.Actions;

/// <summary>Acknowledges alerts at the detector, with a person's right.</summary>
internal sealed class AcknowledgeClient(PeerChannels peers)
{
    private readonly AlertService.AlertServiceClient _alerts = new(peers.To(Role.Detector));

    public Task<ActionOutcome> AcknowledgeAsync(PersonRight right, string alertId, CancellationToken token) => ActionCall.RunAsync(
        "detector",
        "The alert is acknowledged.",
        () => _alerts.AcknowledgeAlertAsync(new AcknowledgeAlertRequest { AlertId = alertId }, SessionMetadata.Of(right.Token), ActionCall.End, token).ResponseAsync);
}
