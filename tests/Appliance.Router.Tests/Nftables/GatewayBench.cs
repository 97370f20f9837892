using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Node.V1;
using Appliance.Protos.Traffic.V1;
using Appliance.Router.Capture;
using Appliance.Router.Devices;
using Appliance.Router.Flows;
using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using Appliance.Router.Traffic;
using Appliance.Tests.Shared;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;

namespace Appliance.Router.Tests.Nftables;

/// <summary>The lab with a Router that enforces in its gateway, and its TrafficService over mutual TLS.</summary>
internal sealed class GatewayBench : IAsyncDisposable
{
    private readonly TestSite _site = new();
    private readonly List<Socket> _sockets = [];
    private TrafficService.TrafficServiceClient? _traffic;

    public GatewayBench()
    {
        ConntrackTool.SkipUnlessPossible();
        Lab = new Lab();
    }

    public Lab Lab { get; }

    /// <summary>As an operator calls it.</summary>
    public TrafficService.TrafficServiceClient Traffic => _traffic ??= new(_site.Channel(Role.Router, _site.Person(PeerKind.Operator)));

    public Task<WebApplication> StartAsync() => _site.StartAsync(
        Role.Router,
        builder => builder.Services.AddCapture().AddFlows().AddDevices().AddTraffic().AddRules().AddNftables().AddDeviceBlocks().AddConntrack(),
        app => app.MapRoleService<TrafficGrpcService>(),
        ("Router:Firewall:Enforce", "kernel"),
        ("Router:Firewall:Namespace", Lab.Gateway.Name));

    /// <summary>What the Router has told of itself so far.</summary>
    public async Task<IReadOnlyList<Event>> ReadEventsAsync()
    {
        var node = new NodeService.NodeServiceClient(_site.Channel(Role.Router, _site.Person(PeerKind.Admin)));
        using var watch = node.WatchEvents(new WatchEventsRequest());
        var events = new List<Event>();
        while (await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken) && watch.ResponseStream.Current.Event is { } told)
        {
            events.Add(told);
        }

        return events;
    }

    /// <summary>A connection that stands, with a byte each way; the client as it sees itself, and as the server sees it.</summary>
    public (IPEndPoint Client, IPEndPoint Server, Socket Socket) Connect(TestNamespace from, string source, TestNamespace to, IPEndPoint listening, IPEndPoint? called = null)
    {
        using var listener = Own(to, listening);
        listener.Listen(1);
        var client = Own(from, new IPEndPoint(IPAddress.Parse(source), 0));
        client.Connect(called ?? listening);
        var server = listener.Accept();
        _sockets.Add(server);
        client.Send([1]);
        server.Receive(new byte[1]);
        server.Send([2]);
        client.Receive(new byte[1]);
        return ((IPEndPoint)client.LocalEndPoint!, (IPEndPoint)server.RemoteEndPoint!, client);
    }

    /// <summary>A datagram, and its answer if there is one.</summary>
    public void Exchange(string source, string destination, int port, bool isAnswered)
    {
        var server = Lab.OpenUdp(Lab.Server, destination, port);
        var client = Lab.OpenUdp(Lab.Client, source);
        _sockets.AddRange([server, client]);
        client.SendTo([1, 2, 3], server.LocalEndPoint!);
        EndPoint sender = new IPEndPoint(server.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        server.ReceiveFrom(new byte[16], ref sender);
        if (isAnswered)
        {
            server.SendTo([4, 5], sender);
            Assert.True(Lab.Receives(client));
        }
    }

    /// <summary>An IPv4 packet as it stands, header and all.</summary>
    public void SendRaw(byte[] packet, string destination) => Lab.Client.Inside.Run(() =>
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Raw);
        return socket.SendTo(packet, new IPEndPoint(IPAddress.Parse(destination), 0));
    });

    public void Ping(string destination) => Lab.Client.Inside.Run(() =>
    {
        using var ping = new Ping();
        Assert.Equal(IPStatus.Success, ping.Send(destination, 5000).Status);
        return 0;
    });

    public async ValueTask DisposeAsync()
    {
        _sockets.ForEach(socket => socket.Dispose());
        await _site.DisposeAsync();
        Lab.Dispose();
    }

    private Socket Own(TestNamespace place, IPEndPoint local)
    {
        var socket = place.Inside.Run(() =>
        {
            var opened = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            opened.Bind(local);
            return opened;
        });
        _sockets.Add(socket);
        return socket;
    }
}
