using Appliance.Bmc;
using Appliance.Detector;
using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Logger;
using Appliance.Router;
using Microsoft.Extensions.Logging.Console;

namespace Appliance;

/// <summary>Builds the web host of one role; roles that share a process have one host each.</summary>
internal static class RoleHost
{
    /// <summary>Every section that any role knows, so that one file with all of them is checked whole.</summary>
    public static IReadOnlyList<OptionsSection> Sections { get; } =
        [.. NodeRole.Sections, .. RouterRole.Sections, .. DetectorRole.Sections, .. LoggerRole.Sections, .. BmcRole.Sections];

    public static WebApplication Build(Role role, Action<IConfigurationManager> configure, Action<IServiceCollection> add, LogLevel logLevel)
    {
        // The name finds the dashboard's assets, the root keeps the working directory out of it.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "appliance", ContentRootPath = AppContext.BaseDirectory });
        configure(builder.Configuration);
        add(builder.Services);
        builder.Services.AddSystemd();
        builder.Services.AddKnownSections(Sections);
        AddLog(builder.Logging, logLevel);
        return role switch
        {
            Role.Router => Map(builder.AddNode(role).AddRouter().Build(), RouterRole.MapRouter),
            Role.Detector => Map(builder.AddNode(role).AddDetector().Build(), DetectorRole.MapDetector),
            Role.Logger => Map(WithAssets(builder).AddNode(role).AddLogger().Build(), LoggerRole.MapLogger),
            Role.Bmc => Map(builder.AddNode(role).AddBmc().Build(), BmcRole.MapBmc),
            _ => throw new ArgumentOutOfRangeException(nameof(role), role, "No such role."),
        };
    }

    private static WebApplication Map(WebApplication app, Func<WebApplication, WebApplication> map) => map(app.MapNode());

    private static WebApplicationBuilder WithAssets(WebApplicationBuilder builder)
    {
        // In a build folder the assets lie in the package cache; in a published one they lie in wwwroot.
        builder.WebHost.UseStaticWebAssets();
        return builder;
    }

    private static void AddLog(ILoggingBuilder logging, LogLevel level)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(level);
        logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        if (level > LogLevel.Information)
        {
            // Roles that share a process lose each other only when it starts or stops.
            logging.AddFilter("Appliance.Hosting.Clients.WatchLoop", LogLevel.Error);
        }

        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
            console.UseUtcTimestamp = true;
        });
        // Standard output belongs to results.
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
