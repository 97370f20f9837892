using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Server;

namespace Appliance.Logger.Fanout.Embedded;

/// <summary>Hands connections that Kestrel accepted to the broker; handshake timeout and limits are Kestrel's.</summary>
internal sealed class MqttConnections(TimeProvider clock) : IMqttServerAdapter
{
    // A subscriber sends CONNECT, SUBSCRIBE and acknowledgements: all far below this.
    private const int MaxPacketBytes = 64 * 1024;
    private const int WriteBuffer = 4096;
    private const int MaxWriteBuffer = 64 * 1024;
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    // Kestrel listens a moment before the broker runs; most subscribers would take a close there for a refusal.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IMqttNetLogger _logger = MqttNetNullLogger.Instance;

    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    public Task StartAsync(MqttServerOptions options, IMqttNetLogger logger)
    {
        _logger = logger;
        _started.TrySetResult();
        return Task.CompletedTask;
    }

    public Task StopAsync()
    {
        ClientHandler = null;
        return Task.CompletedTask;
    }

    /// <summary>Ends with the connection. One that comes before the broker runs waits for it, at most 10 s.</summary>
    public async Task ServeAsync(ConnectionContext connection)
    {
        await Task.WhenAny(_started.Task.WaitAsync(Patience, clock, connection.ConnectionClosed));
        if (ClientHandler is not { } handler)
        {
            return;
        }

        using var channel = new ConnectionChannel(connection, MaxPacketBytes);
        using var adapter = new MqttChannelAdapter(
            channel, new MqttPacketFormatterAdapter(new MqttBufferWriter(WriteBuffer, MaxWriteBuffer)), _logger);
        // Kestrel stops before the broker does, and would wait half a minute for subscribers to leave by themselves.
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        await using var end = stopping.Register(channel.End);
        await handler(adapter);
        AbortIfStuck(connection);
        await SayGoodbyeAsync(connection);
    }

    // Without TLS's own end mosquitto_sub takes the close for an attack and gives up instead of coming back.
    private static async Task SayGoodbyeAsync(ConnectionContext connection)
    {
        if (connection.Features.Get<ISslStreamFeature>() is not { } tls)
        {
            return;
        }

        try
        {
            await tls.SslStream.ShutdownAsync();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException or ConnectionAbortedException)
        {
            // The peer left first.
        }
    }

    // A client that reads nothing would hold its connection for ever: its last bytes could not be sent.
    private void AbortIfStuck(ConnectionContext connection)
    {
        var timer = clock.CreateTimer(_ => connection.Abort(), null, Farewell, Timeout.InfiniteTimeSpan);
        connection.ConnectionClosed.UnsafeRegister(state => ((ITimer)state!).Dispose(), timer);
    }

    public void Dispose()
    {
    }
}
