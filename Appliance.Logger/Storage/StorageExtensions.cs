using Appliance.Hosting.Configuration;
using Appliance.Hosting.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Appliance.Logger.Storage;

/// <summary>Registers the Logger's one file.</summary>
internal static class StorageExtensions
{
    private const string FileName = "alerts.db";
    private const string HealthPart = "alert store";

    public static IServiceCollection AddStorage(this IServiceCollection services) => services.AddSingleton(Open);

    private static LoggerFile Open(IServiceProvider services)
    {
        var file = new LoggerFile(
            Path.Combine(services.GetRequiredService<NodePaths>().State, FileName),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<LoggerFile>>());
        var health = services.GetRequiredService<HealthBoard>();
        if (file.SetAsidePath is { } aside)
        {
            health.Report(HealthPart, PartState.Degraded, $"The file was damaged and a new one begun; the old one is {aside}.");
        }
        else
        {
            health.Report(HealthPart, PartState.Healthy, "Alerts are stored.");
        }

        return file;
    }
}
