using System.Diagnostics;
using System.Net.Sockets;
using Appliance.Router.Tests.Nftables;

namespace Appliance.Router.Tests.Devices.Conflicts;

/// <summary>A bridge with a router, a camera and an attacker on it, each in a network namespace of its own.</summary>
internal sealed class SpoofedNetwork : IDisposable
{
    public const string Ip = "/usr/sbin/ip";
    public const string RouterAddress = "192.0.2.1";
    public const string CameraAddress = "192.0.2.21";
    public const string RouterMac = "00:1b:21:00:00:01";
    public const string CameraMac = "00:40:8c:00:00:21";
    public const string AttackerMac = "00:0c:29:00:00:66";

    /// <summary>The bridge's port that the camera is on.</summary>
    public const string CameraPort = "camera0";

    private readonly TestNamespace _bridge = new();
    private readonly TestNamespace _router = new();
    private readonly TestNamespace _camera = new();
    private readonly TestNamespace _attacker = new();

    public SpoofedNetwork()
    {
        _bridge.Ip("link", "add", "bridge0", "type", "bridge");
        _bridge.Ip("link", "set", "bridge0", "up");
        Connect(_router, "router0", RouterMac, RouterAddress);
        Connect(_camera, CameraPort, CameraMac, CameraAddress);
        Connect(_attacker, "attacker0", AttackerMac, "192.0.2.66");
    }

    public T InBridge<T>(Func<T> work) => _bridge.Inside.Run(work);

    /// <summary>Sends the router something, so that the two ask for each other.</summary>
    public void Talk() => _camera.Inside.Run(() =>
    {
        using var socket = new UdpClient();
        return socket.Send([1], 1, RouterAddress, 9);
    });

    /// <summary>Tells the camera, again and again, that the router is here.</summary>
    public Process Spoof() => Command.Start(Ip, "netns", "exec", _attacker.Name, "/usr/sbin/arpspoof", "-i", "eth0", "-t", CameraAddress, RouterAddress);

    public void Dispose()
    {
        _attacker.Dispose();
        _camera.Dispose();
        _router.Dispose();
        _bridge.Dispose();
    }

    private void Connect(TestNamespace host, string port, string mac, string address)
    {
        _bridge.Ip("link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", host.Name);
        _bridge.Ip("link", "set", port, "master", "bridge0", "up");
        host.Ip("link", "set", "eth0", "address", mac);
        host.Ip("address", "add", $"{address}/24", "dev", "eth0");
        host.Ip("link", "set", "eth0", "up");
    }
}
