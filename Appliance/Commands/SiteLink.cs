using Appliance.Hosting.Clients;
using Appliance.Local;
using Grpc.Core;

namespace Appliance.Commands;

/// <summary>What a command asks: a role of a running site, or one that was started for it alone.</summary>
internal sealed class SiteLink(PersonChannel channel, BoardSite? own) : IAsyncDisposable
{
    public CallInvoker Calls => channel.Calls;

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        if (own is not null)
        {
            await own.DisposeAsync();
        }
    }
}
