using System.Net;
using System.Net.Sockets;

namespace Appliance.SystemTests;

/// <summary>The ports of the contract.</summary>
internal static class Ports
{
    public static readonly int[] All = [7443, 7444, 7445, 7446, 8443, 8883];

    public static bool IsOpen(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
