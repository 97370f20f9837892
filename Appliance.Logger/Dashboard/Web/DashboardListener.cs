using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Listeners;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace Appliance.Logger.Dashboard.Web;

/// <summary>The listener for browsers: HTTPS with the node's certificate, no certificate asked of the client.</summary>
internal sealed class DashboardListener(IOptions<DashboardOptions> options, IOptions<NodeOptions> node, NodeTls tls)
    : IConfigureOptions<KestrelServerOptions>
{
    // Who dials in and says nothing holds a connection no longer than this.
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    // Anyone may dial in here, and the role's connections are one pool: this leaves most of it to gRPC and the broker.
    private const int MaxConnections = 256;

    private int _connections;

    public void Configure(KestrelServerOptions server)
    {
        if (options.Value.Enabled)
        {
            server.Listen(IPAddress.Parse(node.Value.ListenAddress), options.Value.Port, Configure);
        }
    }

    private void Configure(ListenOptions listener)
    {
        listener.Protocols = HttpProtocols.Http1AndHttp2;
        listener.Use(next => connection => CountAsync(connection, next));
        listener.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = OptionsFor, HandshakeTimeout = HandshakeTimeout });
    }

    private async Task CountAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        connection.Features.Set(DashboardMark.Instance);
        try
        {
            if (Interlocked.Increment(ref _connections) <= MaxConnections)
            {
                await next(connection);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    private ValueTask<SslServerAuthenticationOptions> OptionsFor(TlsHandshakeCallbackContext context) => ValueTask.FromResult(new SslServerAuthenticationOptions
    {
        ServerCertificateContext = tls.Context,
        ClientCertificateRequired = false,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
    });
}
