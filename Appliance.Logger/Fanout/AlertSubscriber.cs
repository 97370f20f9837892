using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Appliance.Logger.Fanout;

/// <summary>A subscriber as any other: it reads a site's alerts over TLS with a subscriber's certificate, and remembers their ids.</summary>
public sealed class AlertSubscriber : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, byte> _received = new();
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly X509Certificate2 _authority;
    private readonly X509Certificate2 _certificate;

    private AlertSubscriber(string authorityFile, string certificateFile, string keyFile)
    {
        _authority = X509CertificateLoader.LoadCertificateFromFile(authorityFile);
        _certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        _client.ApplicationMessageReceivedAsync += OnReceived;
    }

    /// <summary>Whether an alert of this id was received.</summary>
    public bool HasReceived(string id) => _received.ContainsKey(id);

    /// <summary>Connects and subscribes to the alerts of one site; throws <see cref="BrokerException"/> when refused.</summary>
    public static async Task<AlertSubscriber> ConnectAsync(
        string host, string authorityFile, string certificateFile, string keyFile, string site, CancellationToken token)
    {
        var subscriber = new AlertSubscriber(authorityFile, certificateFile, keyFile);
        try
        {
            await subscriber._client.ConnectAsync(subscriber.Options(host), token);
            await subscriber._client.SubscribeAsync($"appliance/{site}/alerts/#", MqttQualityOfServiceLevel.AtLeastOnce, token);
            return subscriber;
        }
        catch (Exception error) when (error is MqttCommunicationException or AuthenticationException)
        {
            await subscriber.DisposeAsync();
            throw new BrokerException($"The MQTT broker at {host}:{MqttOptions.DefaultPort} could not be reached: {error.Message}", error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _client.TryDisconnectAsync();
        _client.Dispose();
        _certificate.Dispose();
        _authority.Dispose();
    }

    private MqttClientOptions Options(string host) => new MqttClientOptionsBuilder()
        .WithTcpServer(host, MqttOptions.DefaultPort)
        .WithClientId($"appliance-run-{Environment.ProcessId}")
        .WithProtocolVersion(MqttProtocolVersion.V500)
        .WithTlsOptions(new MqttClientTlsOptions
        {
            UseTls = true,
            TargetHost = host,
            SslProtocol = SslProtocols.Tls12 | SslProtocols.Tls13,
            RevocationMode = X509RevocationMode.NoCheck,
            ClientCertificatesProvider = new DefaultMqttCertificatesProvider(new X509Certificate2Collection(_certificate)),
            CertificateValidationHandler = server => IsOurs(server.Certificate, server.SslPolicyErrors),
        })
        .Build();

    private bool IsOurs(X509Certificate certificate, SslPolicyErrors errors)
    {
        if ((errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None || certificate is not X509Certificate2 server)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(_authority);
        return chain.Build(server);
    }

    private Task OnReceived(MqttApplicationMessageReceivedEventArgs message)
    {
        // Reading the id back is what proves that the message is whole.
        using var alert = JsonDocument.Parse(message.ApplicationMessage.Payload);
        if (alert.RootElement.GetProperty("id").GetString() is { } id)
        {
            _received.TryAdd(id, 0);
        }

        return Task.CompletedTask;
    }
}
