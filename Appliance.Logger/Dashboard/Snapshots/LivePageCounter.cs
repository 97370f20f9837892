using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Appliance.Logger.Dashboard.Snapshots;

/// <summary>Tells <see cref="LivePages"/> of one circuit's beginning and end.</summary>
internal sealed class LivePageCounter(LivePages pages) : CircuitHandler
{
    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        pages.Opened();
        return Task.CompletedTask;
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        pages.Closed();
        return Task.CompletedTask;
    }
}
