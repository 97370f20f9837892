using System.Net.Sockets;

namespace Appliance.Router.Export;

/// <summary>Messages in a datagram each.</summary>
internal sealed class UdpLink : ICollectorLink
{
    private readonly Socket _socket = new(SocketType.Dgram, ProtocolType.Udp);

    public bool IsReliable => false;

    public long ArrivedBytes => long.MaxValue;

    public static async Task<ICollectorLink> OpenAsync(CollectorOptions collector, CancellationToken cancellationToken)
    {
        var link = new UdpLink();
        try
        {
            // Only a connected socket is told of the ICMP errors that its datagrams bring back.
            await link._socket.ConnectAsync(collector.Host, collector.Port, cancellationToken);
            return link;
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    public async Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        await _socket.SendAsync(message, cancellationToken);

    public void Dispose() => _socket.Dispose();
}
