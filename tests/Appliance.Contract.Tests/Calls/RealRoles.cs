using Appliance.Bmc;
using Appliance.Detector;
using Appliance.Hosting;
using Appliance.Hosting.Power;
using Appliance.Logger;
using Appliance.Router;
using Appliance.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Contract.Tests.Calls;

/// <summary>All four roles as they are, on a test's site; nothing outside this process is touched.</summary>
internal static class RealRoles
{
    public static async Task<IReadOnlyDictionary<Role, WebApplication>> StartAsync(TestSite site) => new Dictionary<Role, WebApplication>
    {
        [Role.Router] = await site.StartAsync(Role.Router, builder => Tame(builder).AddRouter(), app => app.MapRouter(), ("Router:Firewall:Enforce", "rendered")),
        [Role.Detector] = await site.StartAsync(Role.Detector, builder => Tame(builder).AddDetector(), app => app.MapDetector()),
        [Role.Logger] = await site.StartAsync(
            Role.Logger,
            builder => Tame(builder).AddLogger(),
            app => app.MapLogger(),
            ("Logger:Dashboard:Enabled", "false"),
            ("Logger:Mqtt:Port", "0"),
            ("Logger:Mqtt:ListenAddress", "127.0.0.1")),
        [Role.Bmc] = await site.StartAsync(Role.Bmc, builder => Tame(builder).AddBmc(), app => app.MapBmc(), ("Bmc:Board:Simulate", "2.3.7")),
    };

    // Whatever the environment allows a role: every call is made here, and the machine goes on.
    private static WebApplicationBuilder Tame(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IMachinePower, RecordingPower>();
        return builder;
    }
}
