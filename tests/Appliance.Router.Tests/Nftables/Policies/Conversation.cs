using System.Net;
using System.Net.Sockets;

namespace Appliance.Router.Tests.Nftables.Policies;

/// <summary>A TCP connection between two namespaces by their kernels' own stacks.</summary>
internal sealed class Conversation(Socket client, Socket server) : IDisposable
{
    // A connection that is let through is there at once; this only bounds the wait for one that is not.
    private const int DropMilliseconds = 300;

    /// <summary>The end that began, as it sees itself.</summary>
    public IPEndPoint Beginner => (IPEndPoint)client.LocalEndPoint!;

    /// <summary>The end that began, as the other sees it.</summary>
    public IPEndPoint BeginnerAsSeen => (IPEndPoint)server.RemoteEndPoint!;

    public static Socket Listen(TestNamespace place, IPAddress address, int port) => place.Inside.Run(() =>
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, port));
        socket.Listen(16);
        return socket;
    });

    /// <summary>Connects to a listener, or to another address behind which it is.</summary>
    public static Conversation Begin(TestNamespace place, IPAddress source, Socket listener, IPEndPoint? called = null)
    {
        var client = Open(place, source);
        client.Connect(called ?? listener.LocalEndPoint!);
        var server = listener.Accept();
        client.ReceiveTimeout = server.ReceiveTimeout = DropMilliseconds;
        return new Conversation(client, server);
    }

    /// <summary>True when a connection stands at once; a dropped SYN is sent again after 1 s only (RFC 6298).</summary>
    public static bool CanBegin(TestNamespace place, IPAddress source, EndPoint called)
    {
        using var client = Open(place, source);
        return Lab.Connects(client, called) && client.Connected;
    }

    /// <summary>True when a byte gets through either way.</summary>
    public bool Exchanges()
    {
        client.Send([1]);
        if (!Lab.Receives(server))
        {
            return false;
        }

        server.Send([2]);
        return Lab.Receives(client);
    }

    public void Dispose()
    {
        client.Dispose();
        server.Dispose();
    }

    private static Socket Open(TestNamespace place, IPAddress source) => place.Inside.Run(() =>
    {
        var socket = new Socket(source.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(source, 0));
        return socket;
    });
}
