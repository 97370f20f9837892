using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Identity;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace Appliance.Hosting.Listeners;

/// <summary>Opens the router's listener for nodes that have no certificate yet: TLS with the server's certificate alone.</summary>
internal sealed class EnrollmentListener(IOptions<NodeOptions> options, RunningRole running, NodeCredentials credentials, StrangerConnections connections) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions server)
    {
        if (running.Role == Role.Router)
        {
            server.Listen(IPAddress.Parse(options.Value.ListenAddress), options.Value.EnrollmentPort, Configure);
        }
    }

    private void Configure(ListenOptions listener)
    {
        listener.Protocols = HttpProtocols.Http2;
        NodeListeners.Mark(listener, Listener.Enrollment);
        listener.Use(next => connection => connections.FollowAsync(next, connection));
        listener.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(NewHandshake()), HandshakeTimeout = NodeListeners.HandshakeTimeout });
    }

    private SslServerAuthenticationOptions NewHandshake() => new()
    {
        ServerCertificateContext = credentials.Current.Context,
        ClientCertificateRequired = false,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = [SslApplicationProtocol.Http2],
    };
}
