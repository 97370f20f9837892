using System.Buffers.Binary;
using System.Net.Sockets;

namespace Appliance.Router.Export;

/// <summary>Messages one after the other on a connection.</summary>
internal sealed class TcpLink(TimeProvider clock) : ICollectorLink
{
    // A collector that takes nothing for so long is as good as gone.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // The kernel would let it grow to megabytes, all of them lost with a collector that has stopped reading.
    private const int BufferedBytes = 256 * 1024;

    // struct tcp_info (linux/tcp.h): tcpi_bytes_acked, which counts the SYN too.
    private const int ProtocolLevel = 6;
    private const int InfoOption = 11;
    private const int AcknowledgedOffset = 120;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendBufferSize = BufferedBytes };

    public bool IsReliable => true;

    public long ArrivedBytes
    {
        get
        {
            Span<byte> info = stackalloc byte[AcknowledgedOffset + sizeof(long)];
            var isKnown = OperatingSystem.IsLinux() && _socket.GetRawSocketOption(ProtocolLevel, InfoOption, info) == info.Length;
            return isKnown ? BinaryPrimitives.ReadInt64LittleEndian(info[AcknowledgedOffset..]) - 1 : long.MaxValue;
        }
    }

    public static async Task<ICollectorLink> OpenAsync(CollectorOptions collector, TimeProvider clock, CancellationToken cancellationToken)
    {
        var link = new TcpLink(clock);
        try
        {
            await link.WithPatienceAsync(token => link._socket.ConnectAsync(collector.Host, collector.Port, token), cancellationToken);
            return link;
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    public async Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        // Collectors say nothing, so a readable connection is one that they have closed; sent into it, the message would be lost without a word.
        if (_socket.Poll(TimeSpan.Zero, SelectMode.SelectRead))
        {
            throw new SocketException((int)SocketError.ConnectionReset);
        }

        await WithPatienceAsync(
            async token =>
            {
                for (var rest = message; !rest.IsEmpty;)
                {
                    rest = rest[await _socket.SendAsync(rest, token)..];
                }
            },
            cancellationToken);
    }

    public void Dispose() => _socket.Dispose();

    private async Task WithPatienceAsync(Func<CancellationToken, ValueTask> work, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await work(both.Token);
        }
        catch (OperationCanceledException error) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Closed properly, the kernel would keep what is not taken, and ask the collector for minutes whether it takes it now.
            _socket.LingerState = new LingerOption(enable: true, seconds: 0);
            throw new TimeoutException($"it took nothing for {Patience.TotalSeconds:0} s", error);
        }
    }
}
