using System.Security.Cryptography;
using Appliance.Hosting.Identity;
using Microsoft.Extensions.Logging;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Appliance.Logger.Fanout.Embedded;

/// <summary>Who may connect and what they may do: subscribers of the site, reading the site's topics, nothing else.</summary>
internal sealed partial class SubscriberAccess(FanoutSettings settings, FanoutMeter meter, ILogger<SubscriberAccess> logger)
{
    private const int MaxClientId = 128;
    private const int RandomBytes = 8;

    public void Guard(MqttServer server)
    {
        server.ValidatingConnectionAsync += connection => ValidateAsync(server, connection);
        server.InterceptingSubscriptionAsync += Check;
        server.InterceptingPublishAsync += publish => Check(server, publish);
    }

    private async Task ValidateAsync(MqttServer server, ValidatingConnectionEventArgs connection)
    {
        // The certificate's chain and dates were checked in the handshake; its kind is checked here, where a client can be told.
        if (connection.ClientCertificate is not { } certificate || !PeerIdentity.TryParse(certificate, out var identity)
            || identity.Kind != PeerKind.Subscriber || identity.Site != settings.Site)
        {
            Refuse(connection, MqttConnectReasonCode.NotAuthorized, "Only certificates of kind subscriber may connect.");
            return;
        }

        if (string.IsNullOrEmpty(connection.ClientId))
        {
            Assign(connection, identity);
        }
        else if (connection.ClientId.Length > MaxClientId)
        {
            Refuse(connection, MqttConnectReasonCode.ClientIdentifierNotValid, $"The client id has {connection.ClientId.Length} characters, at most {MaxClientId} are taken.");
        }
        else
        {
            await AdmitAsync(server, connection, identity.ToString());
        }

        if (connection.ReasonCode == MqttConnectReasonCode.Success)
        {
            SubscriberSession.Begin(connection.SessionItems, identity.ToString());
        }
    }

    // MQTT 5 lets the broker choose an id (3.2.2.3.7); in 3.1.1 the client would never learn it.
    private void Assign(ValidatingConnectionEventArgs connection, PeerIdentity identity)
    {
        if (connection.ProtocolVersion == MqttProtocolVersion.V500)
        {
            connection.AssignedClientIdentifier = $"{identity.Name}-{RandomNumberGenerator.GetHexString(2 * RandomBytes, lowercase: true)}";
        }
        else
        {
            Refuse(connection, MqttConnectReasonCode.ClientIdentifierNotValid, "The client id is empty; give one (mosquitto_sub: -i NAME).");
        }
    }

    private async Task AdmitAsync(MqttServer server, ValidatingConnectionEventArgs connection, string identity)
    {
        var sessions = await server.GetSessionsAsync();
        var own = sessions.FirstOrDefault(session => session.Id == connection.ClientId);
        if (own is not null)
        {
            // Else any subscriber could end another's session by taking its id.
            if (SubscriberSession.Of(own.Items)?.Owner != identity)
            {
                Refuse(connection, MqttConnectReasonCode.ClientIdentifierNotValid, "The client id belongs to another subscriber; choose another.");
            }

            return;
        }

        int count = sessions.Count - await DeleteExpiredAsync(sessions);
        if (count >= settings.Mqtt.MaxSubscribers)
        {
            Refuse(connection, MqttConnectReasonCode.QuotaExceeded, $"{count} subscribers are known, which is the limit (Logger:Mqtt:MaxSubscribers).");
        }
    }

    private async Task<int> DeleteExpiredAsync(IEnumerable<MqttSessionStatus> sessions)
    {
        var before = (settings.Clock.GetUtcNow() - settings.Mqtt.KeepSessionFor).UtcDateTime;
        MqttSessionStatus[] expired = [.. sessions.Where(session => session.DisconnectedTimestamp < before)];
        foreach (var session in expired)
        {
            await session.DeleteAsync();
        }

        return expired.Length;
    }

    private Task Check(InterceptingSubscriptionEventArgs subscription)
    {
        if (!settings.Topics.MaySubscribe(subscription.TopicFilter.Topic))
        {
            subscription.ProcessSubscription = false;
            subscription.Response.ReasonCode = MqttSubscribeReasonCode.NotAuthorized;
            Deny(subscription.SessionItems, "subscribe to", subscription.TopicFilter.Topic);
        }

        return Task.CompletedTask;
    }

    // Last wills come by here, too. The Logger's own messages carry the server's own items, which no client can.
    private Task Check(MqttServer server, InterceptingPublishEventArgs publish)
    {
        if (!ReferenceEquals(publish.SessionItems, server.ServerSessionItems))
        {
            publish.ProcessPublish = false;
            publish.Response.ReasonCode = MqttPubAckReasonCode.NotAuthorized;
            Deny(publish.SessionItems, "publish to", publish.ApplicationMessage.Topic);
        }

        return Task.CompletedTask;
    }

    private void Refuse(ValidatingConnectionEventArgs connection, MqttConnectReasonCode code, string reason)
    {
        connection.ReasonCode = code;
        connection.ReasonString = reason;
        meter.Denied.Add(1);
        LogRefused(connection.ClientCertificate?.Subject ?? "none", reason);
    }

    private void Deny(System.Collections.IDictionary items, string what, string topic)
    {
        meter.Denied.Add(1);
        if (SubscriberSession.Of(items) is { } session && session.IsFirstFault())
        {
            LogDenied(session.Owner, what, Alerts.HostileText.Clean(topic, MaxClientId));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An MQTT client with a certificate for {Subject} was refused. {Reason}")]
    private partial void LogRefused(string subject, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Subscriber {Identity} may not {What} {Topic}; further attempts of this session are counted only.")]
    private partial void LogDenied(string identity, string what, string topic);
}
