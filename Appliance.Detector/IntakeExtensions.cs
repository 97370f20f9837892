using Appliance.Detector.Alerts;
using Appliance.Detector.Detectors.BruteForce;
using Appliance.Detector.Detectors.Floods;
using Appliance.Detector.Detectors.Scans;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Appliance.Detector;

internal static class IntakeExtensions
{
    public static IServiceCollection AddIntake(this IServiceCollection services) => services
        .AddSingleton(provider => new DetectionSettings
        {
            Scans = provider.GetRequiredService<IOptions<ScanOptions>>().Value,
            BruteForce = provider.GetRequiredService<IOptions<BruteForceOptions>>().Value,
            Floods = provider.GetRequiredService<IOptions<FloodOptions>>().Value,
            Alerts = provider.GetRequiredService<IOptions<AlertOptions>>().Value,
        })
        .AddSingleton<DetectorMeter>()
        .AddSingleton<IntakeReport>()
        .AddSingleton<FlowIntake>()
        .AddSingleton(provider => new FlowProgress(provider.GetRequiredService<FlowIntake>()))
        .AddHostedService<FlowWatch>();
}
