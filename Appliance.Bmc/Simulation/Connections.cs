using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Appliance.Bmc.Simulation;

/// <summary>Connections to the board, so that they can break all together.</summary>
internal sealed class Connections(BoardFaults faults)
{
    private readonly ConcurrentDictionary<string, ConnectionContext> _open = new(StringComparer.Ordinal);

    /// <summary>Stands before TLS; a silent board goes no further.</summary>
    public ConnectionDelegate Follow(ConnectionDelegate next) => async connection =>
    {
        _open[connection.ConnectionId] = connection;
        try
        {
            await faults.SpeaksAsync(connection.ConnectionClosed);
            await next(connection);
        }
        catch (OperationCanceledException)
        {
            // It was given up while the board was silent.
        }
        finally
        {
            _open.TryRemove(connection.ConnectionId, out _);
        }
    };

    public void AbortAll()
    {
        foreach (var connection in _open.Values)
        {
            connection.Abort();
        }
    }
}
