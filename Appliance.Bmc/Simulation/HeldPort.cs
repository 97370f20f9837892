using System.Net;
using System.Net.Sockets;

namespace Appliance.Bmc.Simulation;

/// <summary>
/// A port that the system chose, kept over the restarts of a board: it is bound, so the system gives it to nobody else, but not listened
/// at, so a dark board refuses, and the board's own server may bind it too (SO_REUSEADDR, socket(7); .NET sets it for TCP).
/// </summary>
internal sealed class HeldPort : IDisposable
{
    private readonly Socket _socket;

    private HeldPort(Socket socket) => _socket = socket;

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Null where a port was asked for by number, and where the system does not share ports this way.</summary>
    public static HeldPort? Take(IPEndPoint? listen)
    {
        if (listen is not { Port: 0 } || !OperatingSystem.IsLinux())
        {
            return null;
        }

        var socket = new Socket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(listen);
            return new HeldPort(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _socket.Dispose();
}
