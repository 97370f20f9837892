using System.Net;
using System.Net.Sockets;
using Appliance.Router.Tests.Nftables;

namespace Appliance.Router.Tests.Network;

/// <summary>A resolver of the internet in the gateway's namespace: knows an address for each name, and which it was asked for.</summary>
internal sealed class UpstreamServer : IDisposable
{
    public const string Address = "127.0.0.9";

    /// <summary>Only told, never asked; dnsmasq takes those of documentation for private.</summary>
    public const string PublicAddress = "1.2.3.4";
    public const string PrivateAddress = "192.168.77.1";
    private readonly Socket _socket;
    private readonly Thread _thread;

    public UpstreamServer(TestNamespace place)
    {
        _socket = place.Inside.Run(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(Address), 53));
            return socket;
        });
        _thread = new Thread(Serve);
        _thread.Start();
    }

    public void Dispose()
    {
        _socket.Dispose();
        _thread.Join();
    }

    private void Serve()
    {
        var question = new byte[4096];
        try
        {
            while (true)
            {
                EndPoint asking = new IPEndPoint(IPAddress.Any, 0);
                var length = _socket.ReceiveFrom(question, ref asking);
                var name = NameAnswer.NameOf(question.AsSpan(0, length));
                var address = name.StartsWith("private.", StringComparison.Ordinal) ? PrivateAddress : PublicAddress;
                _socket.SendTo(NameAnswer.Answer(question.AsSpan(0, length), IPAddress.Parse(address)), asking);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }
}
