using System.Net;
using System.Net.Sockets;
using Appliance.Router.Nftables;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>The gateway itself as sender and receiver: raw sockets, which get packets behind the input hook and send them before the output hook.</summary>
internal sealed class LocalEnd : IDisposable
{
    /// <summary>Packet mark of what tests send from here.</summary>
    public const int Mark = 0x71;

    // RFC 3542, 3: whole packets, header included.
    private const int RawProtocol = 255;
    private const int MarkOption = 36;
    private const int SocketLevel = 1;
    private const int Internet4 = 2;
    private const int Internet6 = 10;

    private readonly IReadOnlyList<(Socket Socket, byte Protocol)> _receivers;
    private readonly Socket _sender4;
    private readonly Socket _sender6;
    private readonly byte[] _received = new byte[2048];

    public LocalEnd(TestNamespace router)
    {
        (_receivers, _sender4, _sender6) = router.Inside.Run(() => (
            (IReadOnlyList<(Socket, byte)>)
            [
                .. new[] { Packet.Icmp, Packet.TcpProtocol, Packet.UdpProtocol, Packet.Experiment }.Select(protocol => Open(AddressFamily.InterNetwork, protocol)),
                .. new[] { Packet.IcmpV6, Packet.TcpProtocol, Packet.UdpProtocol, Packet.Experiment }.Select(protocol => Open(AddressFamily.InterNetworkV6, protocol)),
            ],
            OpenSender(AddressFamily.InterNetwork),
            OpenSender(AddressFamily.InterNetworkV6)));
    }

    public void Send(Packet packet)
    {
        try
        {
            _ = (packet.IsIPv6 ? _sender6 : _sender4).SendTo(packet.ToBytes(), new IPEndPoint(packet.Destination, 0));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AccessDenied)
        {
            // The firewall dropped it.
        }
    }

    public void Drain(List<Sighting> seen)
    {
        foreach (var (socket, protocol) in _receivers)
        {
            while (socket.Available > 0)
            {
                EndPoint sender = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
                var packet = _received.AsSpan(0, socket.ReceiveFrom(_received, ref sender));
                // IPv6 sockets leave the header out.
                var sighting = socket.AddressFamily == AddressFamily.InterNetwork
                    ? Sighting.Read(PolicyLab.Gateway, packet)
                    : Sighting.ReadSegment(PolicyLab.Gateway, ((IPEndPoint)sender).Address, IPAddress.IPv6None, protocol, packet);
                if (sighting is not null)
                {
                    seen.Add(sighting);
                }
            }
        }
    }

    public void Dispose()
    {
        foreach (var (socket, _) in _receivers)
        {
            socket.Dispose();
        }

        _sender4.Dispose();
        _sender6.Dispose();
    }

    // .NET knows fewer protocols than the kernel does.
    private static (Socket Socket, byte Protocol) Open(AddressFamily family, byte protocol)
    {
        using var opened = Libc.Socket(family == AddressFamily.InterNetwork ? Internet4 : Internet6, Libc.RawCloseOnExec, protocol);
        Assert.False(opened.IsInvalid);
        var socket = new Socket(new SafeSocketHandle(opened.DangerousGetHandle(), ownsHandle: true));
        opened.SetHandleAsInvalid();
        return (socket, protocol);
    }

    private static Socket OpenSender(AddressFamily family)
    {
        var socket = new Socket(family, SocketType.Raw, (ProtocolType)RawProtocol);
        socket.SetRawSocketOption(SocketLevel, MarkOption, BitConverter.GetBytes(Mark));
        return socket;
    }
}
