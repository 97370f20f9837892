using System.Net;
using System.Net.Sockets;
using Appliance.Bmc.Simulation;

namespace Appliance.Bmc.Tests.Simulation;

public sealed class HeldPortTests
{
    [Fact]
    public void Port_is_its_servers_again_and_again_and_nobody_elses_meanwhile()
    {
        using var port = HeldPort.Take(new IPEndPoint(IPAddress.Loopback, 0))!;

        Listen(port.EndPoint);
        using var other = OfferedOnly(port.EndPoint.Port);
        var refused = Assert.Throws<SocketException>(() => other.Bind(new IPEndPoint(IPAddress.Loopback, 0)));
        Listen(port.EndPoint);

        Assert.Equal(SocketError.AddressAlreadyInUse, refused.SocketErrorCode);
    }

    [Fact]
    public void Port_that_was_asked_for_by_number_is_not_held() => Assert.Null(HeldPort.Take(new IPEndPoint(IPAddress.Loopback, 8443)));

    /// <summary>A socket for which the system has this one port to choose: IP_LOCAL_PORT_RANGE, ip(7), Linux 6.3.</summary>
    private static Socket OfferedOnly(int port)
    {
        const int Ip = 0;
        const int LocalPortRange = 51;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetRawSocketOption(Ip, LocalPortRange, BitConverter.GetBytes((port << 16) | port));
        }
        catch (SocketException)
        {
            socket.Dispose();
            Assert.Skip("This kernel knows no IP_LOCAL_PORT_RANGE.");
        }

        return socket;
    }

    private static void Listen(IPEndPoint at)
    {
        using var listener = new TcpListener(at);
        listener.Start();
    }
}
