using System.Net;
using System.Net.Sockets;
using Appliance.Router.Nftables;

namespace Appliance.Router.Tests.Nftables;

/// <summary>A client, a gateway with the firewall in it, and a server, joined by virtual cables.</summary>
internal sealed class Lab : IDisposable
{
    public const string ClientAddress = "10.71.1.2";
    public const string ClientAddress6 = "fd71:1::2";
    public const string GatewayAddress = "10.71.1.1";
    public const string OtherAddress = "10.71.1.3";
    public const string ServerAddress = "10.71.2.2";
    public const string ServerAddress6 = "fd71:2::2";
    public const string ClientStation = "02:00:5e:00:71:02";

    // Packets over virtual cables arrive within the sender's system call; this only bounds the wait for one that was dropped.
    private const int DropMilliseconds = 150;

    private KernelSets? _sets;
    private ConnectionCutter? _connections;

    public Lab()
    {
        Client = new TestNamespace();
        Gateway = new TestNamespace();
        Server = new TestNamespace();
        try
        {
            Connect();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public TestNamespace Client { get; }

    public TestNamespace Gateway { get; }

    public TestNamespace Server { get; }

    /// <summary>A kernel firewall in the gateway, closed with the lab.</summary>
    public NftablesFirewall OpenFirewall(TimeProvider clock)
    {
        _sets = Gateway.OpenSets();
        _connections = new ConnectionCutter(Gateway.OpenNetlink());
        return new NftablesFirewall(new NftProgram(Gateway.Inside, clock), _sets, _connections, clock, "the lab's gateway");
    }

    public static Socket OpenUdp(TestNamespace place, string address, int port = 0) => place.Inside.Run(() =>
    {
        var local = IPAddress.Parse(address);
        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = DropMilliseconds };
        socket.Bind(new IPEndPoint(local, port));
        return socket;
    });

    public Socket Listen(string address, int port) => Server.Inside.Run(() =>
    {
        var local = IPAddress.Parse(address);
        var socket = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(local, port));
        socket.Listen(16);
        return socket;
    });

    public Socket OpenTcp(string address) => Client.Inside.Run(() =>
    {
        var local = IPAddress.Parse(address);
        var socket = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(local, 0));
        return socket;
    });

    /// <summary>True when a datagram from the client's address reaches the server.</summary>
    public bool Reaches(string source, string destination)
    {
        using var receiver = OpenUdp(Server, destination);
        using var sender = OpenUdp(Client, source);
        sender.SendTo([1], receiver.LocalEndPoint!);
        return Receives(receiver);
    }

    /// <summary>True when a datagram from the client reaches the gateway's own port.</summary>
    public bool ReachesGateway(int port)
    {
        using var receiver = OpenUdp(Gateway, GatewayAddress, port);
        using var sender = OpenUdp(Client, ClientAddress);
        sender.SendTo([1], receiver.LocalEndPoint!);
        return Receives(receiver);
    }

    /// <summary>True when the client's answer to a datagram of the gateway comes back.</summary>
    public bool AnswersGateway()
    {
        using var client = OpenUdp(Client, ClientAddress);
        using var gateway = OpenUdp(Gateway, GatewayAddress);
        gateway.SendTo([1], client.LocalEndPoint!);
        EndPoint asking = new IPEndPoint(IPAddress.Any, 0);
        client.ReceiveFrom(new byte[1], ref asking);
        client.SendTo([2], asking);
        return Receives(gateway);
    }

    public static bool Receives(Socket socket)
    {
        try
        {
            return socket.Receive(new byte[64]) > 0;
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            return false;
        }
    }

    /// <summary>True as soon as the kernel says that the connection stands; a dropped SYN is sent again after 1 s only (RFC 6298), long after the wait.</summary>
    public static bool Connects(Socket client, EndPoint server)
    {
        client.Blocking = false;
        try
        {
            client.Connect(server);
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.InProgress or SocketError.WouldBlock)
        {
            // On its way.
        }

        return client.Poll(TimeSpan.FromMilliseconds(DropMilliseconds), SelectMode.SelectWrite);
    }

    public void Dispose()
    {
        _sets?.Dispose();
        _connections?.Dispose();
        Client.Dispose();
        Server.Dispose();
        Gateway.Dispose();
    }

    private void Connect()
    {
        foreach (var place in new[] { Client, Gateway, Server })
        {
            // Else the link-local addresses that neighbours are asked from are of no use for a second.
            place.Set("net/ipv6/conf/default/accept_dad", "0");
        }

        Gateway.Set("net/ipv4/ip_forward", "1");
        Gateway.Set("net/ipv6/conf/all/forwarding", "1");
        Join(Client, "lan", 1);
        Join(Server, "wan", 2);
        Client.Ip("link", "set", "eth0", "down");
        Client.Ip("link", "set", "eth0", "address", ClientStation);
        Client.Ip("link", "set", "eth0", "up");
        Client.Ip("address", "add", $"{ClientAddress6}/64", "dev", "eth0", "nodad");
        Client.Ip("address", "add", $"{OtherAddress}/24", "dev", "eth0");
        Client.Ip("route", "replace", "default", "via", "10.71.1.1");
        Client.Ip("-6", "route", "replace", "default", "via", "fd71:1::1");
    }

    private void Join(TestNamespace end, string cable, int network)
    {
        Gateway.Ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", end.Name);
        Gateway.Ip("link", "set", cable, "up");
        end.Ip("link", "set", "eth0", "up");
        Gateway.Ip("address", "add", $"10.71.{network}.1/24", "dev", cable);
        Gateway.Ip("address", "add", $"fd71:{network}::1/64", "dev", cable, "nodad");
        end.Ip("address", "add", $"10.71.{network}.2/24", "dev", "eth0");
        end.Ip("address", "add", $"fd71:{network}::2/64", "dev", "eth0", "nodad");
        end.Ip("route", "add", "default", "via", $"10.71.{network}.1");
        end.Ip("-6", "route", "add", "default", "via", $"fd71:{network}::1");
    }
}
