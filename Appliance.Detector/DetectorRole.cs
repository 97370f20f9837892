using Appliance.Detector.Alerts;
using Appliance.Detector.Detectors;
using Appliance.Detector.Detectors.BruteForce;
using Appliance.Detector.Detectors.Floods;
using Appliance.Detector.Detectors.Scans;
using Appliance.Detector.Flows;
using Appliance.Detector.Inference;
using Appliance.Detector.Models;
using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Microsoft.AspNetCore.Builder;

namespace Appliance.Detector;

/// <summary>The Detector's stages, in the order of the packet's way.</summary>
public static class DetectorRole
{
    /// <summary>What the Detector reads of the configuration.</summary>
    public static IReadOnlyList<OptionsSection> Sections { get; } =
    [
        new(RuntimeOptions.Section, typeof(RuntimeOptions)),
        new(ScanOptions.Section, typeof(ScanOptions)),
        new(BruteForceOptions.Section, typeof(BruteForceOptions)),
        new(FloodOptions.Section, typeof(FloodOptions)),
        new(AlertOptions.Section, typeof(AlertOptions)),
    ];

    public static WebApplicationBuilder AddDetector(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddFlows()
            .AddDetectors()
            .AddModels()
            .AddAlerts()
            .AddInference()
            .AddIntake();
        return builder;
    }

    public static WebApplication MapDetector(this WebApplication app)
    {
        app.MapRoleService<AlertGrpcService>();
        app.MapRoleService<InferenceGrpcService>();
        app.MapRoleService<KserveGrpcService>();
        return app;
    }
}
