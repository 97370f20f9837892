using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Appliance.Hosting.Listeners;
using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Appliance.Logger.Fanout.External;

/// <summary>The Logger as a client of another's broker, for example Mosquitto. Only what every broker has is used: QoS 1, retained messages, a last will.</summary>
internal sealed class ExternalBroker : IAlertBroker
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private readonly SiteSummary _summary;
    private readonly FanoutSettings _settings;
    private readonly NodeTls _tls;
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private TaskCompletionSource<string> _lost = new();
    private int _discoveryRequested;

    public ExternalBroker(SiteSummary summary, FanoutSettings settings, NodeTls tls)
    {
        (_summary, _settings, _tls) = (summary, settings, tls);
        _client.DisconnectedAsync += OnDisconnected;
        _client.ApplicationMessageReceivedAsync += OnReceived;
    }

    private string Address => $"{_settings.Mqtt.Host}:{_settings.Mqtt.Port}";

    public async Task ConnectAsync(CancellationToken token)
    {
        if (_client.IsConnected)
        {
            await _client.DisconnectAsync(new MqttClientDisconnectOptions(), token);
        }

        _lost = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            var result = await _client.ConnectAsync(Options(), token);
            if (result.ResultCode != MqttClientConnectResultCode.Success)
            {
                throw new BrokerException($"The MQTT broker {Address} refused the Logger: {result.ResultCode}; allow the Logger's certificate there.");
            }

            Interlocked.Exchange(ref _discoveryRequested, 1);
            if (_settings.Mqtt.HomeAssistant)
            {
                await _client.SubscribeAsync(Topics.HomeAssistantStatus, MqttQualityOfServiceLevel.AtLeastOnce, token);
            }
        }
        catch (Exception error) when (error is MqttCommunicationException or MqttConnectingFailedException or AuthenticationException)
        {
            throw new BrokerException($"The MQTT broker {Address} could not be reached: {error.Message}", error);
        }
    }

    public async Task PublishAsync(BrokerMessage message, CancellationToken token)
    {
        try
        {
            var result = await _client.PublishAsync(Form(message), token);
            if (!result.IsSuccess)
            {
                throw new BrokerException(
                    $"The MQTT broker {Address} refused {message.Topic}: {result.ReasonCode}; allow the Logger's certificate to write appliance/# and homeassistant/#.");
            }
        }
        catch (Exception error) when (error is MqttCommunicationException or InvalidOperationException)
        {
            throw new BrokerException($"The MQTT broker {Address} was lost: {error.Message}", error);
        }
    }

    public async Task WaitForLossAsync(CancellationToken token)
    {
        string reason = await _lost.Task.WaitAsync(token);
        throw new BrokerException($"The MQTT broker {Address} was lost: {reason}");
    }

    public bool TakeDiscoveryRequest() => Interlocked.Exchange(ref _discoveryRequested, 0) == 1;

    // A broker publishes the last will only after a loss, so a stop in good order says it itself.
    public async Task DisconnectAsync(CancellationToken token)
    {
        if (!_client.IsConnected)
        {
            return;
        }

        try
        {
            await PublishAsync(_summary.Offline, token);
            await _client.DisconnectAsync(new MqttClientDisconnectOptions(), token);
        }
        catch (BrokerException)
        {
            // A message cut off in the middle ends the connection: then the last will says it.
        }
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static MqttApplicationMessage Form(BrokerMessage message) => new MqttApplicationMessageBuilder()
        .WithTopic(message.Topic)
        .WithPayload(message.Payload)
        .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
        .WithRetainFlag(message.Retain)
        .Build();

    private MqttClientOptions Options()
    {
        var will = _summary.Offline;
        return new MqttClientOptionsBuilder()
            .WithTcpServer(_settings.Mqtt.Host, _settings.Mqtt.Port)
            .WithTlsOptions(TlsOptions())
            .WithClientId(_settings.Mqtt.ClientId.Length > 0 ? _settings.Mqtt.ClientId : $"appliance-logger-{_settings.Site}")
            .WithProtocolVersion(_settings.Mqtt.UseVersion311 ? MqttProtocolVersion.V311 : MqttProtocolVersion.V500)
            .WithCleanSession()
            .WithKeepAlivePeriod(KeepAlive)
            .WithTimeout(Timeout)
            .WithWillTopic(will.Topic)
            .WithWillPayload(will.Payload)
            .WithWillRetain()
            .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .Build();
    }

    private MqttClientTlsOptions TlsOptions() => new()
    {
        UseTls = true,
        TargetHost = _settings.Mqtt.Host,
        SslProtocol = SslProtocols.Tls12 | SslProtocols.Tls13,
        RevocationMode = X509RevocationMode.NoCheck,
        ClientCertificatesProvider = new DefaultMqttCertificatesProvider(new X509Certificate2Collection(_tls.Certificate)),
        TrustChain = _tls.Authorities,
        CertificateValidationHandler = server => IsTrusted(server.Certificate, server.SslPolicyErrors),
    };

    // The broker is another's: its certificate comes from the site's authority and has its host name, but no role.
    private bool IsTrusted(X509Certificate certificate, SslPolicyErrors errors)
    {
        if ((errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None || certificate is not X509Certificate2 server)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.CustomTrustStore.AddRange(_tls.Authorities);
        return chain.Build(server);
    }

    private Task OnDisconnected(MqttClientDisconnectedEventArgs loss)
    {
        _lost.TrySetResult(loss.Exception?.Message ?? loss.Reason.ToString());
        return Task.CompletedTask;
    }

    private Task OnReceived(MqttApplicationMessageReceivedEventArgs received)
    {
        if (received.ApplicationMessage.Topic == Topics.HomeAssistantStatus
            && Encoding.UTF8.GetString(received.ApplicationMessage.Payload) == "online")
        {
            Interlocked.Exchange(ref _discoveryRequested, 1);
        }

        return Task.CompletedTask;
    }
}
