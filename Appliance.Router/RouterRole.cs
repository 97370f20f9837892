using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Router.Capture;
using Appliance.Router.Devices;
using Appliance.Router.Export;
using Appliance.Router.Flows;
using Appliance.Router.Network;
using Appliance.Router.Nftables;
using Appliance.Router.Response;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Feeds;
using Appliance.Router.Rules.Keeping;
using Appliance.Router.Site;
using Appliance.Router.Site.Enrollment;
using Appliance.Router.Traffic;
using Microsoft.AspNetCore.Builder;

namespace Appliance.Router;

/// <summary>The Router: sees the packets, tells of flows, and holds the firewall.</summary>
public static class RouterRole
{
    /// <summary>The options of the Router, for checking one file with all roles' sections.</summary>
    public static IReadOnlyList<OptionsSection> Sections { get; } =
    [
        new(CaptureOptions.Section, typeof(CaptureOptions)),
        new(FlowOptions.Section, typeof(FlowOptions)),
        new(DeviceOptions.Section, typeof(DeviceOptions)),
        new(TrafficOptions.Section, typeof(TrafficOptions)),
        new(ExportOptions.Section, typeof(ExportOptions)),
        new(BlockOptions.Section, typeof(BlockOptions)),
        new(FeedOptions.Section, typeof(FeedOptions)),
        new(KeepingOptions.Section, typeof(KeepingOptions)),
        new(FirewallOptions.Section, typeof(FirewallOptions)),
        new(ResponseOptions.Section, typeof(ResponseOptions)),
        new(NetworkOptions.Section, typeof(NetworkOptions)),
        new(PersonSessionOptions.Section, typeof(PersonSessionOptions)),
        new(EnrollmentOptions.Section, typeof(EnrollmentOptions)),
    ];

    public static WebApplicationBuilder AddRouter(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddCapture()
            .AddFlows()
            .AddDevices()
            .AddTraffic()
            .AddExport()
            .AddDeviceLimits()
            .AddRules()
            .AddNftables()
            .AddConntrack()
            .AddRuleLog()
            .AddDeviceBlocks()
            .AddResponse()
            .AddNetwork()
            .AddSite()
            .AddEnrollmentDesk();
        return builder;
    }

    public static WebApplication MapRouter(this WebApplication app)
    {
        app.MapRoleService<TrafficGrpcService>();
        app.MapRoleService<RuleGrpcService>();
        app.MapRoleService<DeviceGrpcService>();
        app.MapRoleService<SessionGrpcService>();
        app.MapRoleService<AccountGrpcService>();
        app.MapRoleService<EnrollmentGrpcService>();
        return app;
    }
}
