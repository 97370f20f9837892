using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Identity;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Appliance.Hosting.Listeners;

/// <summary>Lets a connection in only with a certificate of the site, and counts the others by reason.</summary>
internal sealed partial class HandshakeGuard
{
    private readonly NodeCredentials _credentials;
    private readonly PeerVerifier _verifier;
    private readonly MinuteBudget _logBudget;
    private readonly ILogger _logger;
    private readonly Counter<long> _refused;

    public HandshakeGuard(NodeCredentials credentials, RunningRole running, IMeterFactory meters, TimeProvider clock, ILogger<HandshakeGuard> logger)
    {
        _credentials = credentials;
        _verifier = new PeerVerifier(clock);
        _logBudget = new MinuteBudget(clock, Enum.GetValues<Refusal>().Length);
        _logger = logger;
        _refused = meters.Create(running.MeterName).CreateCounter<long>(
            "appliance.handshakes.refused", "{handshake}", "TLS handshakes refused, by reason.");
    }

    /// <summary>Options of one handshake, from the credentials as they are now.</summary>
    public ValueTask<SslServerAuthenticationOptions> OptionsFor(TlsHandshakeCallbackContext context)
    {
        var credentials = _credentials.Current;
        var remote = context.Connection.RemoteEndPoint;
        return ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = credentials.Context,
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = PeerVerifier.Policy(credentials.Authorities),
            RemoteCertificateValidationCallback = (_, certificate, _, _) => Accept(certificate as X509Certificate2, credentials, remote),
        });
    }

    /// <summary>Runs after the handshake: reads the identity once a connection rather than once a call.</summary>
    public static ConnectionDelegate NamePeer(ConnectionDelegate next) => connection =>
    {
        var certificate = connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate;
        if (certificate is not null && PeerIdentity.TryParse(certificate, out var identity))
        {
            connection.Features.Set(new ConnectionPeer(identity, new DateTimeOffset(certificate.NotAfter), CertificateThumbprint.Of(certificate), RevocationList.SerialOf(certificate)));
        }

        return next(connection);
    };

    private bool Accept(X509Certificate2? certificate, CredentialSet credentials, EndPoint? remote)
    {
        var refusal = _verifier.Verify(certificate, credentials, CertificateForm.ClientUsage, out _);
        if (refusal == Refusal.None)
        {
            return true;
        }

        _refused.Add(1, new KeyValuePair<string, object?>("reason", refusal.ToString()));
        if (_logBudget.TryTake((int)refusal))
        {
            LogRefused(remote, refusal, ForeignText.OneLine(certificate?.Subject ?? "nobody"));
        }

        return false;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Connection from {Remote} was refused: {Refusal}; its certificate is for {Subject}.")]
    private partial void LogRefused(EndPoint? remote, Refusal refusal, string subject);
}
