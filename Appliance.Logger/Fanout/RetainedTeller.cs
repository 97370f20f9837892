namespace Appliance.Logger.Fanout;

/// <summary>Keeps the retained messages at the broker as they should be: the summary, and discovery where it is on.</summary>
internal sealed class RetainedTeller(
    SiteSummary summary, HomeAssistantDiscovery discovery, RetainedMessages retained, FanoutSettings settings)
{
    // Severities and node states are read by people and dashboards: once a second is as live as they need.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public async Task RunAsync(IAlertBroker broker, CancellationToken token)
    {
        await RemoveUnwantedAsync(broker, token);
        using var timer = new PeriodicTimer(Interval, settings.Clock);
        BrokerMessage? last = null;
        var changeTime = settings.Clock.GetUtcNow();
        do
        {
            if (settings.Mqtt.HomeAssistant && broker.TakeDiscoveryRequest())
            {
                await TellAsync(broker, discovery.Message, token);
            }

            var now = summary.Now(changeTime);
            if (last is null || !now.Payload.AsSpan().SequenceEqual(last.Payload))
            {
                changeTime = settings.Clock.GetUtcNow();
                last = summary.Now(changeTime);
                await TellAsync(broker, last, token);
            }
        }
        while (await timer.WaitForNextTickAsync(token));
    }

    // For example discovery, after it was switched off.
    private async Task RemoveUnwantedAsync(IAlertBroker broker, CancellationToken token)
    {
        foreach (var message in retained.All().Where(message => !IsWanted(message.Topic)))
        {
            await TellAsync(broker, message with { Payload = [] }, token);
        }
    }

    private bool IsWanted(string topic) =>
        topic == settings.Topics.Summary || (settings.Mqtt.HomeAssistant && topic == settings.Topics.Discovery);

    private async Task TellAsync(IAlertBroker broker, BrokerMessage message, CancellationToken token)
    {
        await broker.PublishAsync(message, token);
        retained.Keep(message);
    }
}
