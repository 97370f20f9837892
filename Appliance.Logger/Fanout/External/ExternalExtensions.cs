using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Logger.Fanout.External;

/// <summary>Registers the client of another's broker.</summary>
internal static class ExternalExtensions
{
    public static IServiceCollection AddExternalBroker(this IServiceCollection services) => services.AddSingleton<ExternalBroker>();
}
