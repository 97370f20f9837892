using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Protocol;

namespace Appliance.Logger.Tests.Fanout;

/// <summary>A subscriber that reads everything and acknowledges nothing; mosquitto_sub cannot be made to.</summary>
internal sealed class SilentReader : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly TaskCompletionSource _cutOff = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SilentReader()
    {
        _client.ApplicationMessageReceivedAsync += message =>
        {
            message.AutoAcknowledge = false;
            return Task.CompletedTask;
        };
        _client.DisconnectedAsync += _ =>
        {
            _cutOff.TrySetResult();
            return Task.CompletedTask;
        };
    }

    /// <summary>Ends when the broker ends the connection.</summary>
    public Task CutOff => _cutOff.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

    public static async Task<SilentReader> StartAsync(MqttPeer peer, string filter)
    {
        var reader = new SilentReader();
        using var certificate = X509Certificate2.CreateFromPemFile(peer.Certificate!, peer.Key);
        await reader._client.ConnectAsync(
            new MqttClientOptionsBuilder()
                .WithTcpServer("localhost", peer.Port)
                .WithClientId(peer.ClientId)
                .WithTlsOptions(new MqttClientTlsOptions
                {
                    UseTls = true,
                    ClientCertificatesProvider = new DefaultMqttCertificatesProvider(new X509Certificate2Collection(certificate)),
                    // The reader is what is tested here, not the broker's certificate.
                    CertificateValidationHandler = _ => true,
                })
                .Build(),
            CancellationToken.None);
        await reader._client.SubscribeAsync(filter, MqttQualityOfServiceLevel.AtLeastOnce, CancellationToken.None);
        return reader;
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
