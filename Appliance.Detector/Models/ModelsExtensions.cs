using Appliance.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Appliance.Detector.Models;

internal static class ModelsExtensions
{
    public static IServiceCollection AddModels(this IServiceCollection services) => services
        .AddSection<RuntimeOptions>(RuntimeOptions.Section)
        .AddSingleton<OnnxRuntimeLibrary>()
        .AddSingleton<ScorerProbe>()
        .AddSingleton(provider => new ModelLibrary(
            Path.Combine(provider.GetRequiredService<NodePaths>().State, ModelLibrary.FolderName),
            ShippedModel.Read(),
            provider.GetRequiredService<ILogger<ModelLibrary>>()))
        .AddSingleton<ActiveModel>()
        .AddHostedService<ModelLoading>();
}
