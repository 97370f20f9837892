using MQTTnet;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Appliance.Logger.Fanout.Embedded;

/// <summary>The Logger's own broker. Sessions live in memory; the outbox makes up for what a restart loses.</summary>
internal sealed class EmbeddedBroker(
    MqttConnections connections, SubscriberAccess access, SubscriberQueues queues, RetainedMessages retained, FanoutSettings settings) : IAlertBroker
{
    // A client that is let in and never says CONNECT goes; the library's own default is 100 s.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim _gate = new(1);
    private MqttServer? _server;
    private int _discoveryRequested;

    public async Task ConnectAsync(CancellationToken token)
    {
        Interlocked.Exchange(ref _discoveryRequested, 1);
        if (_server is not null)
        {
            return;
        }

        var options = new MqttServerOptionsBuilder()
            .WithPersistentSessions()
            .WithDefaultCommunicationTimeout(ConnectTimeout)
            .WithMaxPendingMessagesPerClient(settings.Mqtt.MaxQueuedPerSubscriber)
            .Build();
        options.PendingMessagesOverflowStrategy = MqttPendingMessagesOverflowStrategy.DropNewMessage;
        var server = new MqttServer(options, [connections], MqttNetNullLogger.Instance);
        access.Guard(server);
        queues.Guard(server);
        server.LoadingRetainedMessageAsync += LoadRetained;
        await server.StartAsync();
        _server = server;
    }

    /// <summary>Taken when every subscriber's queue has it.</summary>
    public async Task PublishAsync(BrokerMessage message, CancellationToken token)
    {
        if (_server is not { IsStarted: true } server)
        {
            throw new BrokerException("The embedded broker is not running.");
        }

        // One at a time, so that a backlog goes out no faster than its readers take it.
        await _gate.WaitAsync(token);
        try
        {
            await queues.WaitForRoomAsync(server, token);
            await server.InjectApplicationMessage(new InjectedMqttApplicationMessage(Form(message)) { SenderClientId = "appliance" }, token);
        }
        finally
        {
            _gate.Release();
        }
    }

    // It is in this process: it is lost with it.
    public Task WaitForLossAsync(CancellationToken token) => Task.Delay(Timeout.InfiniteTimeSpan, settings.Clock, token);

    // Nobody may publish here, so Home Assistant cannot say that it started; it finds the retained message when it subscribes.
    public bool TakeDiscoveryRequest() => Interlocked.Exchange(ref _discoveryRequested, 0) == 1;

    public Task DisconnectAsync(CancellationToken token) => _server is { IsStarted: true } server
        ? server.StopAsync(new MqttServerStopOptions { DefaultClientDisconnectOptions = new() { ReasonCode = MqttDisconnectReasonCode.ServerShuttingDown } })
        : Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _server?.Dispose();
        _gate.Dispose();
        return ValueTask.CompletedTask;
    }

    private static MqttApplicationMessage Form(BrokerMessage message) => new MqttApplicationMessageBuilder()
        .WithTopic(message.Topic)
        .WithPayload(message.Payload)
        .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
        .WithRetainFlag(message.Retain)
        .Build();

    private Task LoadRetained(LoadingRetainedMessagesEventArgs loading)
    {
        loading.LoadedRetainedMessages = [.. retained.All().Select(Form)];
        return Task.CompletedTask;
    }
}
