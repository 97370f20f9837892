using Appliance.Hosting.Health;
using Appliance.Router.Flows;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Export;

/// <summary>All collectors that the configuration names.</summary>
internal sealed class CollectorSet(IOptions<ExportOptions> options, HealthBoard health, TimeProvider clock, ILogger<CollectorSession> logger)
{
    public IReadOnlyList<CollectorSession> Sessions { get; } =
        [.. options.Value.Collectors.Select(collector => new CollectorSession(collector, options, health, clock, logger))];

    public void Offer(in Flow record)
    {
        foreach (var session in Sessions)
        {
            session.Offer(record);
        }
    }

    public void Complete()
    {
        foreach (var session in Sessions)
        {
            session.Complete();
        }
    }
}
