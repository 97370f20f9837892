using Microsoft.Extensions.Logging;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Appliance.Logger.Fanout.Embedded;

/// <summary>Bounds what the broker holds for a slow subscriber, and counts what such a one loses.</summary>
/// <remarks>
/// MQTTnet bounds the messages that wait to be sent, but keeps without bound what was sent and is not acknowledged;
/// a client that reads and never acknowledges is therefore cut off here. New messages are dropped, not old ones:
/// MQTTnet keeps the dropped old ones in that second list.
/// </remarks>
internal sealed partial class SubscriberQueues(FanoutSettings settings, FanoutMeter meter, ILogger<SubscriberQueues> logger)
{
    // Long enough for a busy reader to take half a queue, short enough that a dead one delays the others once and no more.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    private int Half => settings.Mqtt.MaxQueuedPerSubscriber / 2;

    public void Guard(MqttServer server)
    {
        server.ApplicationMessageEnqueuedOrDroppedAsync += message => CountDrop(server, message);
        server.InterceptingOutboundPacketAsync += packet => CountSent(server, packet);
        server.ClientAcknowledgedPublishPacketAsync += CountAcknowledged;
        server.ClientConnectedAsync += CountConnected;
        server.ClientDisconnectedAsync += CountDisconnected;
    }

    /// <summary>Waits while a connected reader has half a queue left to read; one that does not get on is waited for no more until it has.</summary>
    public async Task WaitForRoomAsync(MqttServer server, CancellationToken token)
    {
        long start = settings.Clock.GetTimestamp();
        while (await BehindAsync(server) is { Count: > 0 } behind)
        {
            if (settings.Clock.GetElapsedTime(start) >= Patience)
            {
                behind.ForEach(session => session.IsLagging = true);
                return;
            }

            await Task.Delay(Look, settings.Clock, token);
        }
    }

    private async Task<List<SubscriberSession>> BehindAsync(MqttServer server)
    {
        var behind = new List<SubscriberSession>();
        foreach (var status in await server.GetSessionsAsync())
        {
            if (status.DisconnectedTimestamp is not null || SubscriberSession.Of(status.Items) is not { } session)
            {
                continue;
            }

            bool isBehind = status.PendingApplicationMessagesCount + session.Unacknowledged > Half;
            session.IsLagging &= isBehind;
            if (isBehind && !session.IsLagging)
            {
                behind.Add(session);
            }
        }

        return behind;
    }

    private Task CountConnected(ClientConnectedEventArgs client)
    {
        SubscriberSession.Of(client.SessionItems)?.Reconnected();
        meter.CountSubscriber(1);
        return Task.CompletedTask;
    }

    private Task CountDisconnected(ClientDisconnectedEventArgs client)
    {
        meter.CountSubscriber(-1);
        return Task.CompletedTask;
    }

    private async Task CountDrop(MqttServer server, ApplicationMessageEnqueuedEventArgs message)
    {
        if (!message.IsDropped)
        {
            return;
        }

        meter.Dropped.Add(1);
        var session = await server.GetSessionAsync(message.ReceiverClientId);
        if (SubscriberSession.Of(session.Items) is { } subscriber && subscriber.IsFirstFault())
        {
            LogBehind(subscriber.Owner, settings.Mqtt.MaxQueuedPerSubscriber);
        }
    }

    private Task CountSent(MqttServer server, InterceptingPacketEventArgs packet)
    {
        if (packet.Packet is MqttPublishPacket { QualityOfServiceLevel: not MqttQualityOfServiceLevel.AtMostOnce }
            && SubscriberSession.Of(packet.SessionItems) is { } session
            && session.Sent() > settings.Mqtt.MaxQueuedPerSubscriber)
        {
            packet.ProcessPacket = false;
            return CutOffAsync(server, packet.ClientId, session);
        }

        return Task.CompletedTask;
    }

    private static Task CountAcknowledged(ClientAcknowledgedPublishPacketEventArgs packet)
    {
        SubscriberSession.Of(packet.SessionItems)?.Acknowledged();
        return Task.CompletedTask;
    }

    private async Task CutOffAsync(MqttServer server, string clientId, SubscriberSession session)
    {
        LogCutOff(session.Owner, settings.Mqtt.MaxQueuedPerSubscriber);
        meter.Dropped.Add(settings.Mqtt.MaxQueuedPerSubscriber);
        await server.DisconnectClientAsync(clientId, new MqttServerClientDisconnectOptions { ReasonCode = MqttDisconnectReasonCode.ReceiveMaximumExceeded });
        var status = await server.GetSessionAsync(clientId);
        await status.DeleteAsync();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Subscriber {Identity} is {Limit} messages behind; further ones are dropped for it and counted until it catches up.")]
    private partial void LogBehind(string identity, int limit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Subscriber {Identity} left {Limit} messages unacknowledged; it was cut off and its session ended.")]
    private partial void LogCutOff(string identity, int limit);
}
