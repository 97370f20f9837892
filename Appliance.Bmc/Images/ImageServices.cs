using Appliance.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Bmc.Images;

/// <summary>Registers the library of images.</summary>
internal static class ImageServices
{
    public static IServiceCollection AddImages(this IServiceCollection services) => services
        .AddSection<ImageOptions>(ImageOptions.Section)
        .AddSingleton<ImageLibrary>()
        .AddSingleton<ImageWire>();
}
