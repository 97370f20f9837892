using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Appliance.Hosting.Listeners;

/// <summary>Bounds what those who have no certificate may hold open: few connections in all, fewer from one source, and none for long.</summary>
internal sealed class StrangerConnections(TimeProvider clock)
{
    public const int Most = 32;
    public const int MostOfOneSource = 4;

    /// <summary>A request is answered at once; a node asks again on a new connection.</summary>
    public static readonly TimeSpan LongestStay = TimeSpan.FromSeconds(30);

    private readonly Lock _turn = new();
    private readonly Dictionary<string, int> _bySource = new(StringComparer.Ordinal);
    private int _open;

    public async Task FollowAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        var source = SourceNetwork.Of((connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None);
        if (!TryEnter(source))
        {
            connection.Abort(new ConnectionAbortedException("Too many connections without a certificate are open."));
            return;
        }

        try
        {
            await using var end = clock.CreateTimer(_ => connection.Abort(new ConnectionAbortedException("The connection was open for too long.")), null, LongestStay, Timeout.InfiniteTimeSpan);
            await next(connection);
        }
        finally
        {
            Leave(source);
        }
    }

    private bool TryEnter(string source)
    {
        lock (_turn)
        {
            var held = _bySource.GetValueOrDefault(source);
            if (_open == Most || held == MostOfOneSource)
            {
                return false;
            }

            (_open, _bySource[source]) = (_open + 1, held + 1);
            return true;
        }
    }

    private void Leave(string source)
    {
        lock (_turn)
        {
            _open--;
            if (--_bySource[source] == 0)
            {
                _bySource.Remove(source);
            }
        }
    }
}
