using Appliance.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Appliance.Hosting.Power;

internal static class PowerServices
{
    public static IServiceCollection AddPower(this IServiceCollection services) => services
        .AddSingleton<RoleRestart>()
        .AddSingleton<PowerWire>()
        .AddSingleton<IMachinePower>(provider => new SystemdPower(
            provider.GetRequiredService<IOptions<NodeOptions>>().Value.Power.Machine == "systemd",
            SystemdPower.Program,
            SystemdPower.Mark,
            provider.GetRequiredService<TimeProvider>()));
}
