using System.Net;
using System.Net.Sockets;

namespace Appliance.Tests.Shared;

/// <summary>Ports that nobody listens on, outside the range that the kernel gives to outgoing connections (32768 up).</summary>
internal static class FreePorts
{
    private const int First = 20000;
    private const int Count = 12000;

    // Counted up over the process, so that no two tests of it get the same port; begun anywhere, as other processes run tests too.
    private static int _next = Random.Shared.Next(Count);

    public static int Take()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            try
            {
                using var probe = new TcpListener(IPAddress.Any, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: try the next.
            }
        }
    }
}
