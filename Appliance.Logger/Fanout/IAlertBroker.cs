namespace Appliance.Logger.Fanout;

/// <summary>Whoever hands alerts to subscribers: the broker inside, or another's outside.</summary>
internal interface IAlertBroker : IAsyncDisposable
{
    /// <summary>Connects or starts, and returns when messages can be published. Calling again after a loss connects again.</summary>
    Task ConnectAsync(CancellationToken token);

    /// <summary>Returns when the broker has taken the message, else throws <see cref="BrokerException"/>.</summary>
    Task PublishAsync(BrokerMessage message, CancellationToken token);

    /// <summary>Throws <see cref="BrokerException"/> when the connection is lost, and ends in no other way.</summary>
    Task WaitForLossAsync(CancellationToken token);

    /// <summary>True once a connection, and once more whenever Home Assistant said that it started (where the broker lets it say so).</summary>
    bool TakeDiscoveryRequest();

    /// <summary>Ends in good order: subscribers of another's broker learn that the Logger is offline.</summary>
    Task DisconnectAsync(CancellationToken token);
}
