namespace Appliance.Router.Export;

/// <summary>A transport session to a collector.</summary>
internal interface ICollectorLink : IDisposable
{
    /// <summary>What has been sent arrives, or the session ends; so templates need to be sent only once.</summary>
    bool IsReliable { get; }

    /// <summary>Bytes of the session that have arrived at the collector's machine; all of them, where nobody can know.</summary>
    long ArrivedBytes { get; }

    /// <summary>Sends one message; fails with a <see cref="System.Net.Sockets.SocketException"/> or a <see cref="TimeoutException"/>.</summary>
    Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken);
}
