using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Appliance.Router.Tests.Capture;

/// <summary>Sends whole frames on an interface of the calling thread's network namespace.</summary>
/// <remarks>Past the interface's queue (PACKET_QDISC_BYPASS) a frame goes out at once or not at all, and no capture on the sender's side sees it.</remarks>
internal sealed class FrameSender : IDisposable
{
    private const int PacketLevel = 263;
    private const int QdiscBypass = 20;
    private readonly Socket _socket = new(AddressFamily.Packet, SocketType.Raw, ProtocolType.Unspecified);
    private readonly LinkEndPoint _target;

    public FrameSender(string interfaceName, bool bypassesQueue)
    {
        _target = new LinkEndPoint(interfaceName);
        _socket.SetRawSocketOption(PacketLevel, QdiscBypass, BitConverter.GetBytes(bypassesQueue ? 1 : 0));
    }

    /// <summary>False when the interface took it not.</summary>
    public bool TrySend(ReadOnlySpan<byte> frame)
    {
        try
        {
            return _socket.SendTo(frame, _target) == frame.Length;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Send(params byte[][] frames)
    {
        foreach (var frame in frames)
        {
            Assert.Equal(frame.Length, _socket.SendTo(frame, _target));
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>sockaddr_ll of an interface.</summary>
    private sealed class LinkEndPoint : EndPoint
    {
        private readonly int _index;

        public LinkEndPoint(string name) =>
            _index = NetworkInterface.GetAllNetworkInterfaces().Single(found => found.Name == name).GetIPProperties().GetIPv4Properties().Index;

        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override SocketAddress Serialize()
        {
            var address = new SocketAddress(AddressFamily.Packet, 20);
            BitConverter.TryWriteBytes(address.Buffer.Span[4..], _index);
            return address;
        }
    }
}
