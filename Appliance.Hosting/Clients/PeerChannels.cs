using System.Collections.Concurrent;
using Appliance.Hosting.Configuration;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Hosting.Clients;

/// <summary>One channel to each role, or to each address that it is asked for: mutual TLS, keep-alive, retry and a deadline where the call names none.</summary>
public sealed class PeerChannels : IDisposable
{
    private readonly ConcurrentDictionary<(Role Role, Uri Address), Lazy<GrpcChannel>> _channels = new();
    private readonly PeerOptions _peers;
    private readonly NodeOptions _node;
    private readonly PeerHandlers _handlers;
    private readonly ILoggerFactory _loggers;

    internal PeerChannels(IOptions<PeerOptions> peers, IOptions<NodeOptions> node, PeerHandlers handlers, ILoggerFactory loggers)
    {
        _peers = peers.Value;
        _node = node.Value;
        _handlers = handlers;
        _loggers = loggers;
    }

    /// <summary>What a generated client of that role is made with.</summary>
    public CallInvoker To(Role role) => To(role, _peers.Of(role));

    /// <summary>The same for a role at another address than the site's, such as the node in a slot of the board. Addresses come from the configuration, so there are few.</summary>
    public CallInvoker To(Role role, Uri address) =>
        _channels.GetOrAdd((role, address), key => new Lazy<GrpcChannel>(() => Open(key.Role, key.Address))).Value.Intercept(new DefaultDeadline(_peers.CallDeadline));

    public void Dispose()
    {
        foreach (var channel in _channels.Values.Where(channel => channel.IsValueCreated))
        {
            channel.Value.Dispose();
        }
    }

    private GrpcChannel Open(Role role, Uri address) => GrpcChannel.ForAddress(address, new GrpcChannelOptions
    {
        HttpHandler = _handlers.New(role),
        DisposeHttpClient = true,
        LoggerFactory = _loggers,
        MaxReceiveMessageSize = _node.MaxMessageBytes,
        MaxSendMessageSize = _node.MaxMessageBytes,
        ServiceConfig = RetryRules.Service,
        // The default grows to two minutes: a role that was away an hour would be found again that late.
        InitialReconnectBackoff = RetryRules.FirstBackoff,
        MaxReconnectBackoff = RetryRules.LongestBackoff,
    });
}
