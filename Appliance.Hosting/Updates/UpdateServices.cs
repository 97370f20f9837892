using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Appliance.Hosting.Updates;

internal static class UpdateServices
{
    public static IServiceCollection AddUpdates(this IServiceCollection services)
    {
        services.TryAddSingleton<UpdatePaths>();
        return services
            .AddSingleton<UpdateTurn>()
            .AddSingleton<UpdateSpool>()
            .AddSingleton<ActivationFile>()
            .AddSingleton<RaucProgram>()
            .AddSingleton<UpdateWire>()
            .AddSingleton(NewTarget)
            .AddHostedService<ImageWatch>();
    }

    private static IUpdateTarget NewTarget(IServiceProvider provider)
    {
        var paths = provider.GetRequiredService<UpdatePaths>();
        return File.Exists(paths.Image) ? ActivatorUtilities.CreateInstance<RaucTarget>(provider) : new NoTarget(paths);
    }
}
