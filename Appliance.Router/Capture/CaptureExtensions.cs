using Appliance.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Router.Capture;

/// <summary>Registers what the Router watches.</summary>
internal static class CaptureExtensions
{
    public static IServiceCollection AddCapture(this IServiceCollection services) => services
        .AddSection<CaptureOptions>(CaptureOptions.Section)
        .AddSingleton<LiveSources>()
        .AddSingleton<PacketSources>();
}
