using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Detector.Inference;

internal static class InferenceExtensions
{
    public static IServiceCollection AddInference(this IServiceCollection services) => services
        .AddSingleton<InferenceMeter>()
        .AddSingleton<ModelUploads>();
}
