using System.ComponentModel;
using Appliance.Router.Nftables.Rendering;

namespace Appliance.Router.Nftables;

/// <summary>Hears of the packets that rules log, in the network namespace that its socket was opened in.</summary>
internal sealed class RuleLogSocket : IDisposable
{
    // Bounds how late the end is noticed.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly NetlinkSocket _socket;
    private readonly byte[] _received = new byte[NetlinkSocket.ReceiveBytes];

    private uint? _next;

    private RuleLogSocket(NetlinkSocket socket) => _socket = socket;

    public delegate void PacketReader(in LoggedPacket packet);

    /// <summary>Throws when somebody else reads the group.</summary>
    public static RuleLogSocket Open(NetlinkSocket socket)
    {
        var exchange = new NetlinkExchange(socket);
        var answer = exchange.Ask((ref writer, sequence) => LogCodec.WriteBind(ref writer, sequence, RuleChains.LogGroup));
        if (answer.Error != 0)
        {
            exchange.Dispose();
            throw new Win32Exception(-answer.Error);
        }

        socket.SetPatience(Patience);
        return new RuleLogSocket(socket);
    }

    /// <summary>Takes what comes next; gives how many packets the kernel had to drop before it, since it had no room for them.</summary>
    public long Step(PacketReader read)
    {
        switch (_socket.TryReceive(_received, waits: true, out var datagram))
        {
            case 0:
                return Take(datagram, read);
            case Libc.NoBuffers or Libc.Again or Libc.Interrupted:
                // How many were dropped, the number of the next tells.
                return 0;
            case var error:
                throw new Win32Exception(error);
        }
    }

    public void Dispose() => _socket.Dispose();

    private long Take(ReadOnlySpan<byte> datagram, PacketReader read)
    {
        var lost = 0L;
        var reader = new MessageReader(datagram);
        while (reader.TryRead(out var header, out var payload))
        {
            if (header.Type != NetlinkProtocol.LoggedPacket)
            {
                continue;
            }

            if (LogCodec.TryReadNumber(payload, out var number))
            {
                lost += unchecked(number - (_next ?? number));
                _next = unchecked(number + 1);
            }

            if (LogCodec.TryRead(payload, out var packet))
            {
                read(packet);
            }
        }

        return lost;
    }
}
