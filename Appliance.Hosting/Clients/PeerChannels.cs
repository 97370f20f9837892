using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Identity;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Hosting.Clients;

/// <summary>One channel to each role, or to each address that it is asked for: mutual TLS, keep-alive, retry and a deadline where the call names none.</summary>
public sealed class PeerChannels : IDisposable
{
    // A connection that was made with a certificate before the last is refused once that one has ended; streams on it go on until theirs.
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<(Role Role, Uri Address), Lazy<GrpcChannel>> _channels = new();
    private readonly PeerOptions _peers;
    private readonly NodeOptions _node;
    private readonly ServerCheck _servers;
    private readonly NodeCredentials _credentials;
    private readonly ILoggerFactory _loggers;

    internal PeerChannels(IOptions<PeerOptions> peers, IOptions<NodeOptions> node, NodeCredentials credentials, ServerCheck servers, ILoggerFactory loggers)
    {
        _peers = peers.Value;
        _node = node.Value;
        _servers = servers;
        _credentials = credentials;
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
        HttpHandler = NewHandler(role),
        DisposeHttpClient = true,
        LoggerFactory = _loggers,
        MaxReceiveMessageSize = _node.MaxMessageBytes,
        MaxSendMessageSize = _node.MaxMessageBytes,
        ServiceConfig = RetryRules.Service,
        // The default grows to two minutes: a role that was away an hour would be found again that late.
        InitialReconnectBackoff = RetryRules.FirstBackoff,
        MaxReconnectBackoff = RetryRules.LongestBackoff,
    });

    private SocketsHttpHandler NewHandler(Role role) => new()
    {
        EnableMultipleHttp2Connections = true,
        PooledConnectionLifetime = ConnectionLife,
        ConnectTimeout = _peers.ConnectTimeout,
        KeepAlivePingDelay = _peers.KeepAlivePingDelay,
        KeepAlivePingTimeout = _peers.KeepAlivePingTimeout,
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        SslOptions =
        {
            // Asked for at each handshake, so a replaced certificate is shown from the next connection on.
            LocalCertificateSelectionCallback = (_, _, _, _, _) => _credentials.Current.Certificate,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = PeerVerifier.Policy(_credentials.Current.Authorities),
            // The SPIFFE role is what names a server here; addresses change, and its host name proves nothing more.
            RemoteCertificateValidationCallback = (_, certificate, _, _) => _servers.Accept(certificate as X509Certificate2, role),
        },
    };
}
