using System.Net;
using System.Net.Sockets;

namespace Appliance.Tests.Shared;

/// <summary>Ports that nobody listens on, outside the range that the kernel gives to outgoing connections (32768 up).</summary>
internal static class FreePorts
{
    private const int First = 20000;
    private const int Last = 32000;

    public static int Take()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            try
            {
                using var probe = new TcpListener(IPAddress.Any, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: try another.
            }
        }
    }
}
