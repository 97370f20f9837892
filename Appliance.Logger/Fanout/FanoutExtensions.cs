using Appliance.Hosting.Configuration;
using Appliance.Logger.Fanout.Embedded;
using Appliance.Logger.Fanout.External;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Appliance.Logger.Fanout;

/// <summary>Registers what tells alerts over MQTT.</summary>
internal static class FanoutExtensions
{
    public static IServiceCollection AddFanout(this IServiceCollection services) => services
        .AddSection<MqttOptions>(MqttOptions.Section)
        .AddSingleton<FanoutSettings>()
        .AddSingleton<FanoutMeter>()
        .AddSingleton<AlertOutbox>()
        .AddSingleton<RetainedMessages>()
        .AddSingleton<SiteSummary>()
        .AddSingleton<HomeAssistantDiscovery>()
        .AddSingleton<OutboxTeller>()
        .AddSingleton<RetainedTeller>()
        .AddEmbeddedBroker()
        .AddExternalBroker()
        .AddSingleton<IAlertBroker>(Broker)
        .AddHostedService<FanoutService>();

    private static IAlertBroker Broker(IServiceProvider services) =>
        services.GetRequiredService<IOptions<MqttOptions>>().Value.Mode == MqttMode.External
            ? services.GetRequiredService<ExternalBroker>()
            : services.GetRequiredService<EmbeddedBroker>();
}
