using System.Net;
using Appliance.Hosting.Listeners;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace Appliance.Logger.Fanout.Embedded;

/// <summary>Opens the embedded broker's port: TLS 1.2 or later, a client certificate of the site.</summary>
internal sealed class MqttListener(FanoutSettings settings, NodeTls tls, MqttConnections connections) : IConfigureOptions<KestrelServerOptions>
{
    // As the gRPC listener: a peer that dials in and says nothing holds its place no longer than this.
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    public void Configure(KestrelServerOptions options)
    {
        if (settings.Mqtt.Mode == MqttMode.Embedded)
        {
            options.Listen(IPAddress.Parse(settings.Mqtt.ListenAddress), settings.Mqtt.Port, Configure);
        }
    }

    private void Configure(ListenOptions listener)
    {
        listener.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = tls.RequireClientCertificate, HandshakeTimeout = HandshakeTimeout });
        listener.Run(connections.ServeAsync);
    }
}
