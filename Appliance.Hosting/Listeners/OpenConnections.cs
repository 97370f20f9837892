using System.Collections.Concurrent;
using System.Net;
using Appliance.Hosting.Identity;
using Microsoft.AspNetCore.Connections;

namespace Appliance.Hosting.Listeners;

/// <summary>Whose connections are open: notes where people are for as long as they are connected, and cuts whoever's certificate is revoked.</summary>
internal sealed class OpenConnections
{
    private readonly ConcurrentDictionary<string, (string Serial, ConnectionContext Connection)> _open = new(StringComparer.Ordinal);
    private readonly PeopleAddresses _people;
    private readonly RevocationList _revoked;

    public OpenConnections(PeopleAddresses people, RevocationList revoked)
    {
        (_people, _revoked) = (people, revoked);
        revoked.Added += Cut;
    }

    public async Task FollowAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        if (connection.Features.Get<ConnectionPeer>() is not { } peer)
        {
            await next(connection);
            return;
        }

        _open[connection.ConnectionId] = (peer.Serial, connection);
        try
        {
            // Revoked after the handshake looked and before this connection was noted.
            if (_revoked.Contains(peer.Serial))
            {
                Cut(connection);
            }

            await FollowAsync(next, connection, peer);
        }
        finally
        {
            _open.TryRemove(connection.ConnectionId, out _);
        }
    }

    private async Task FollowAsync(ConnectionDelegate next, ConnectionContext connection, ConnectionPeer peer)
    {
        if (!PeopleAddresses.IsPerson(peer.Identity) || connection.RemoteEndPoint is not IPEndPoint remote)
        {
            await next(connection);
            return;
        }

        _people.Enter(connection.ConnectionId, remote.Address, peer.ExpireTime);
        try
        {
            await next(connection);
        }
        finally
        {
            _people.Leave(connection.ConnectionId, remote.Address);
        }
    }

    private void Cut(IReadOnlyCollection<string> serials)
    {
        foreach (var (serial, connection) in _open.Values)
        {
            if (serials.Contains(serial))
            {
                Cut(connection);
            }
        }
    }

    private static void Cut(ConnectionContext connection) => connection.Abort(new ConnectionAbortedException("The certificate was revoked."));
}
