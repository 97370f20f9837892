using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Appliance.Router.Tests.Decoding;

namespace Appliance.Router.Tests.Capture;

/// <summary>Sends over a cable, from the namespace that it is called in.</summary>
internal static class Datagrams
{
    public const int Port = 4000;

    /// <summary>Datagrams that carry their number, each of its own length.</summary>
    public static int Send(string address, int count, int port = Port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var target = new IPEndPoint(IPAddress.Parse(address), port);
        var payload = new byte[1400];
        for (var i = 0; i < count; i++)
        {
            BitConverter.TryWriteBytes(payload, i);
            socket.SendTo(payload.AsSpan(0, 4 + (i % 1000)), target);
        }

        return count;
    }

    /// <summary>One datagram in a tagged frame; the kernel takes a tag off whatever it receives, with or without a device for it.</summary>
    public static int SendTagged(string device, byte vlan, ushort port = Port)
    {
        byte[] frame =
        [
            .. Frames.Mac("ff:ff:ff:ff:ff:ff"), .. Frames.Mac(Frames.SourceMac), 0x81, 0, 0, vlan, 8, 0,
            .. Frames.IPv4("198.51.100.2", "198.51.100.1", 17, Frames.Udp(1, port, [1])),
        ];
        using var socket = new Socket(AddressFamily.Packet, SocketType.Raw, ProtocolType.Unspecified);
        return socket.SendTo(frame, new LinkEndPoint(device));
    }

    /// <summary>sockaddr_ll of an interface.</summary>
    private sealed class LinkEndPoint(string name) : EndPoint
    {
        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override SocketAddress Serialize()
        {
            var index = NetworkInterface.GetAllNetworkInterfaces().Single(found => found.Name == name).GetIPProperties().GetIPv4Properties().Index;
            var address = new SocketAddress(AddressFamily.Packet, 20);
            BitConverter.TryWriteBytes(address.Buffer.Span[4..], index);
            return address;
        }
    }
}
