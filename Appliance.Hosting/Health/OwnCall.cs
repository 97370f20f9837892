using System.Net;
using System.Net.Sockets;
using Appliance.Hosting.Clients;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using static Grpc.Health.V1.Health;

namespace Appliance.Hosting.Health;

/// <summary>Calls the role as its peers do, through its listener and with its certificate, to see whether anything comes back.</summary>
internal sealed class OwnCall(PeerChannels channels, IServer server, RunningRole running, TimeProvider clock)
{
    /// <summary>Where the role answers, from this machine.</summary>
    public Uri Address => Reachable(server.Features.Get<IServerAddressesFeature>()!.Addresses.First(address => address.StartsWith("https:", StringComparison.Ordinal)));

    public Task<bool> IsAnsweredAsync(TimeSpan patience, CancellationToken token) => IsAnsweredAsync(Address, patience, token);

    /// <summary>False where nothing came back in time. A refusal is an answer, too: it takes a process that lives.</summary>
    public async Task<bool> IsAnsweredAsync(Uri address, TimeSpan patience, CancellationToken token)
    {
        using var limit = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, token);
        try
        {
            await new HealthClient(channels.To(running.Role, address)).CheckAsync(new HealthCheckRequest(), cancellationToken: either.Token);
            return true;
        }
        catch (RpcException error)
        {
            token.ThrowIfCancellationRequested();
            return error.StatusCode is not (StatusCode.Cancelled or StatusCode.DeadlineExceeded) && error.Status.DebugException?.GetBaseException() is not SocketException;
        }
    }

    // 0.0.0.0 is where it listens, and no address that can be called. By number: a machine need not know the name localhost.
    private static Uri Reachable(string listened)
    {
        var address = new UriBuilder(listened);
        if (IPAddress.TryParse(address.Host.Trim('[', ']'), out var host))
        {
            address.Host = host.Equals(IPAddress.Any) ? "127.0.0.1" : host.Equals(IPAddress.IPv6Any) ? "[::1]" : address.Host;
        }

        return address.Uri;
    }
}
