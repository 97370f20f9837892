using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>Whole frames out of, and into, an interface of the calling thread's network namespace.</summary>
internal sealed class Wire : IDisposable
{
    public const int EthernetLength = 14;

    private const int PacketLevel = 263;
    private const int IgnoreOutgoing = 23;
    private const ushort AllProtocols = 0x0003;

    private readonly Socket _socket = new(AddressFamily.Packet, SocketType.Raw, ProtocolType.Unspecified);
    private readonly byte[] _received = new byte[2048];

    public Wire(string interfaceName)
    {
        _socket.SetRawSocketOption(PacketLevel, IgnoreOutgoing, BitConverter.GetBytes(1));
        _socket.Bind(new LinkEndPoint(interfaceName));
    }

    public void Send(ReadOnlySpan<byte> frame) => Assert.Equal(frame.Length, _socket.Send(frame));

    /// <summary>A frame that has come in; valid until the next one is asked for.</summary>
    public bool TryReceive(out ReadOnlySpan<byte> frame)
    {
        frame = default;
        if (_socket.Available == 0)
        {
            return false;
        }

        frame = _received.AsSpan(0, _socket.Receive(_received));
        return frame.Length >= EthernetLength;
    }

    /// <summary>True when a frame came in before the time was over.</summary>
    public bool Await(TimeSpan longest) => _socket.Poll(longest, SelectMode.SelectRead);

    public void Dispose() => _socket.Dispose();

    /// <summary>sockaddr_ll of an interface, for frames of every type.</summary>
    private sealed class LinkEndPoint(string name) : EndPoint
    {
        private readonly int _index = NetworkInterface.GetAllNetworkInterfaces().Single(found => found.Name == name).GetIPProperties().GetIPv4Properties().Index;

        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override SocketAddress Serialize()
        {
            var address = new SocketAddress(AddressFamily.Packet, 20);
            // Network order, which on these machines is the other one.
            address.Buffer.Span[2] = AllProtocols >> 8;
            address.Buffer.Span[3] = AllProtocols & 0xff;
            BitConverter.TryWriteBytes(address.Buffer.Span[4..], _index);
            return address;
        }
    }
}
