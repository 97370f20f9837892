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
            .AddHostedService<ImageWatch>()
            .AddHostedService<PackageWatch>();
    }

    private static IUpdateTarget NewTarget(IServiceProvider provider)
    {
        var paths = provider.GetRequiredService<UpdatePaths>();
        return File.Exists(paths.Image) ? ActivatorUtilities.CreateInstance<RaucTarget>(provider)
            : File.Exists(paths.Package) && File.Exists(paths.Certificate) ? ActivatorUtilities.CreateInstance<PackageTarget>(provider)
            : new NoTarget(paths);
    }
}
