using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Logger.Alerts;
using Appliance.Logger.Dashboard;
using Appliance.Logger.Fanout;
using Appliance.Logger.Site;
using Appliance.Logger.Storage;
using Microsoft.AspNetCore.Builder;

namespace Appliance.Logger;

/// <summary>The Logger: remembers alerts, tells them, and answers for what it remembers.</summary>
public static class LoggerRole
{
    /// <summary>The options of the Logger, for checking one file with all roles' sections.</summary>
    public static IReadOnlyList<OptionsSection> Sections { get; } =
    [
        new OptionsSection(AlertOptions.Section, typeof(AlertOptions)),
        new OptionsSection(MqttOptions.Section, typeof(MqttOptions)),
        new OptionsSection(DashboardOptions.Section, typeof(DashboardOptions)),
    ];

    public static WebApplicationBuilder AddLogger(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddStorage()
            .AddAlerts()
            .AddSite()
            .AddFanout()
            .AddDashboard();
        return builder;
    }

    public static WebApplication MapLogger(this WebApplication app)
    {
        app.MapRoleService<HistoryGrpcService>();
        app.MapDashboard();
        return app;
    }
}
