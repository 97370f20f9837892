using Appliance.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Router.Flows;

/// <summary>Registers the flow table's options; the table itself belongs to the packet's path.</summary>
internal static class FlowsExtensions
{
    public static IServiceCollection AddFlows(this IServiceCollection services) => services.AddSection<FlowOptions>(FlowOptions.Section);
}
