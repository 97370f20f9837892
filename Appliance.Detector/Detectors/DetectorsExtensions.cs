using Appliance.Detector.Detectors.BruteForce;
using Appliance.Detector.Detectors.Floods;
using Appliance.Detector.Detectors.Scans;
using Appliance.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Detector.Detectors;

internal static class DetectorsExtensions
{
    public static IServiceCollection AddDetectors(this IServiceCollection services) => services
        .AddSection<ScanOptions>(ScanOptions.Section)
        .AddSection<BruteForceOptions>(BruteForceOptions.Section)
        .AddSection<FloodOptions>(FloodOptions.Section);
}
