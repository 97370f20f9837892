using System.Collections.Immutable;
using Appliance.Hosting;
using Appliance.Logger.Alerts;
using Appliance.Protos.Alerts.V1;
using Appliance.Tests.Shared;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Logger.Tests.Alerts;

/// <summary>Stands in for the Detector: holds alerts and answers WatchAlerts as the contract says.</summary>
internal sealed class RaisedAlerts : AlertService.AlertServiceBase
{
    private readonly Lock _lock = new();
    private ImmutableList<Alert> _alerts = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where each call began.</summary>
    public ImmutableList<ulong> Starts { get; private set; } = [];

    public Task<WebApplication> StartAsync(TestSite site) => site.StartAsync(
        Role.Detector, builder => builder.Services.AddSingleton(this), app => app.MapRoleService<RaisedAlerts>());

    public void Raise(IEnumerable<Alert> alerts)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _alerts = _alerts.AddRange(alerts);
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
    }

    public void Raise(params IEnumerable<StoredAlert> alerts) => Raise(alerts.Select(AlertWire.Write));

    public void Forget()
    {
        lock (_lock)
        {
            _alerts = [];
        }
    }

    public override async Task WatchAlerts(WatchAlertsRequest request, IServerStreamWriter<WatchAlertsResponse> responseStream, ServerCallContext context)
    {
        ulong last = request.AfterRevision;
        lock (_lock)
        {
            Starts = Starts.Add(last);
        }

        bool marked = false;
        while (true)
        {
            var (alerts, changed) = (_alerts, _changed.Task);
            foreach (var alert in alerts.Where(alert => alert.Revision > last))
            {
                await responseStream.WriteAsync(new WatchAlertsResponse { Alert = alert });
                last = alert.Revision;
            }

            if (!marked)
            {
                await responseStream.WriteAsync(new WatchAlertsResponse { SnapshotEnd = new SnapshotEnd() });
                marked = true;
            }

            await changed.WaitAsync(context.CancellationToken);
        }
    }
}
