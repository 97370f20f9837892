using Appliance.Hosting.Configuration;
using Appliance.Router.Flows;
using Appliance.Router.Traffic;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Router.Export;

/// <summary>Registers the export of flows.</summary>
internal static class ExportExtensions
{
    public static IServiceCollection AddExport(this IServiceCollection services) => services
        .AddSection<ExportOptions>(ExportOptions.Section)
        .AddSection<FlowOptions>(FlowOptions.Section)
        .AddSingleton<ExportQueue>()
        .AddSingleton<IFlowExport>(provider => provider.GetRequiredService<ExportQueue>())
        .AddSingleton<FlowDeltas>()
        .AddSingleton<CollectorSet>()
        .AddSingleton<ExportMeter>()
        .AddHostedService<ExportRun>();
}
