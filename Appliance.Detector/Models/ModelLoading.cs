using Microsoft.Extensions.Hosting;

namespace Appliance.Detector.Models;

/// <summary>Loads the active model before the role answers.</summary>
internal sealed class ModelLoading(ActiveModel active) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        active.Load();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
