using System.Net;
using Appliance.Hosting.Configuration;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace Appliance.Hosting.Listeners;

/// <summary>Opens the two listeners that every role has, with their limits.</summary>
internal sealed class NodeListeners(IOptions<NodeOptions> options, RunningRole running, HandshakeGuard guard, OpenConnections connections, TimeProvider clock) : IConfigureOptions<KestrelServerOptions>
{
    // A peer that dials in and says nothing holds its place no longer than this.
    internal static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(10);

    public void Configure(KestrelServerOptions server)
    {
        var node = options.Value;
        server.AddServerHeader = false;
        server.Limits.MaxConcurrentConnections = node.MaxConnections;
        server.Limits.Http2.MaxStreamsPerConnection = node.MaxStreamsPerConnection;
        server.Limits.Http2.KeepAlivePingDelay = PingDelay;
        server.Limits.Http2.KeepAlivePingTimeout = PingTimeout;
        server.Listen(IPAddress.Parse(node.ListenAddress), node.Ports.Of(running.Role), ConfigureGrpc);
        server.Listen(IPAddress.Parse(node.MetricsAddress), node.MetricsPorts.Of(running.Role), ConfigureMetrics);
    }

    private void ConfigureGrpc(ListenOptions listener)
    {
        listener.Protocols = HttpProtocols.Http2;
        Mark(listener, Listener.Grpc);
        // Before TLS: a connection that was let in long ago and says hello only now is an old one.
        listener.Use(next => connection =>
        {
            connection.Features.Set(new ConnectionStart(clock.GetTimestamp()));
            return next(connection);
        });
        listener.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = guard.OptionsFor, HandshakeTimeout = HandshakeTimeout });
        listener.Use(HandshakeGuard.NamePeer);
        listener.Use(next => connection => connections.FollowAsync(next, connection));
    }

    private static void ConfigureMetrics(ListenOptions listener)
    {
        listener.Protocols = HttpProtocols.Http1;
        Mark(listener, Listener.Metrics);
    }

    internal static void Mark(ListenOptions listener, Listener name)
    {
        var mark = new ListenerMark(name);
        listener.Use(next => connection =>
        {
            connection.Features.Set(mark);
            return next(connection);
        });
    }
}
